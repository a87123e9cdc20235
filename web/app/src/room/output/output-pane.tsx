import { lazy, Suspense, type ReactNode } from "react";
import { shortcut } from "../../lib/platform";
import { useStore } from "../../lib/store";
import { Button, IconButton } from "../../ui/button";
import { ClearIcon, CopyIcon, DownloadIcon, HistoryIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { InputForm } from "./input-form";
import { ProblemList } from "./problem-list";
import { RunLine } from "./run-line";
import { TerminalBar } from "./terminal/terminal-bar";
import { TerminalView } from "./terminal/terminal-view";
import { useRun } from "./use-run";

const RunFiles = lazy(async () => ({ default: (await import("./files/run-files")).RunFiles }));
const RunHistory = lazy(async () => ({ default: (await import("./run-history")).RunHistory }));

/** The side of the page where programs run: what they print and leave, and what they are given. */
export function OutputPane(): ReactNode {
  const session = useSession();
  const { output } = session;
  const { run: words } = useWords();
  const tab = useStore(output.tab);
  const number = useStore(output.picked);
  const cleared = useStore(output.cleared);
  const history = useStore(output.history);
  const run = useRun(number);

  const empty = run === undefined || cleared === run.run;
  const { files = [], skipped = [] } = run?.finish ?? {};
  const left = files.length + skipped.length;
  const typing = run?.terminal !== undefined && (run.state === "running" || run.state === "waiting");

  return (
    <section className="output" aria-label={words.output} data-tab={tab}>
      <header className="pane-bar">
        <Tabs />
        {tab === "output" ? <Actions empty={empty} silent={run?.silent !== false} /> : null}
      </header>
      {tab === "input" ? <InputForm /> : null}
      {tab === "output" && !empty ? <RunLine run={run} past={number !== undefined} /> : null}
      {tab === "output" && !empty ? <ProblemList run={run} /> : null}
      <div className="output-body" hidden={tab !== "output"}>
        {/* It stays there with nothing to show, so that it knows its size and a run need not wait for it. */}
        <div className="output-terminal" data-empty={empty || undefined}>
          <TerminalView number={number} screen={output.screen} />
          {empty ? <Empty cleared={run !== undefined} /> : null}
          {!empty && run.silent && run.state === "finished" ? <p className="output-none">{words.nothing}</p> : null}
        </div>
        <Suspense>
          {!empty && left > 0 ? <RunFiles key={run.run} room={session.room} run={run.run} files={files} skipped={skipped} /> : null}
          {history ? <RunHistory onClose={() => output.history.set(false)} /> : null}
        </Suspense>
        {typing && !empty ? <TerminalBar waiting={run.state === "waiting"} /> : null}
      </div>
    </section>
  );
}

function Tabs(): ReactNode {
  const { output, input } = useSession();
  const { run: words } = useWords();
  const tab = useStore(output.tab);
  const usesInput = useStore(input).use;
  return (
    <div className="segments">
      {(["output", "input"] as const).map((id) => (
        <Button key={id} look="quiet" small aria-pressed={tab === id} className="segment" onPress={() => output.tab.set(id)}>
          {words[id]}
          {id === "input" && usesInput ? <span className="in-use">{words.inUse}</span> : null}
        </Button>
      ))}
    </div>
  );
}

function Actions({ empty, silent }: { readonly empty: boolean; readonly silent: boolean }): ReactNode {
  const { output } = useSession();
  const { run: words } = useWords();
  const none = useRoom((view) => view.runs.length === 0);
  return (
    <div className="pane-actions">
      <IconButton small name={words.history.title} isDisabled={none} onPress={() => output.history.set(true)}>
        <HistoryIcon />
      </IconButton>
      <IconButton small name={words.copy} isDisabled={empty || silent} onPress={() => output.copy()}>
        <CopyIcon />
      </IconButton>
      <IconButton small name={words.download} isDisabled={empty || silent} onPress={() => output.download()}>
        <DownloadIcon />
      </IconButton>
      <IconButton small name={words.clear} isDisabled={empty} onPress={() => output.clear()}>
        <ClearIcon />
      </IconButton>
    </div>
  );
}

function Empty({ cleared }: { readonly cleared: boolean }): ReactNode {
  const { output } = useSession();
  const { run: words } = useWords();
  return (
    <div className="output-empty">
      <p>
        {words.press} <kbd>{shortcut("Mod+Enter")}</kbd> {words.toRun}
      </p>
      <p className="faint">{words.everyone}</p>
      {cleared ? (
        <Button look="quiet" small onPress={() => output.cleared.set(undefined)}>
          {words.restore}
        </Button>
      ) : null}
    </div>
  );
}
