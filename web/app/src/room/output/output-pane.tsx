import type { PersonView } from "@codecollab/client";
import { useRef, useState, type ReactNode } from "react";
import { ago, bytes, duration } from "../../lib/format";
import { shortcut } from "../../lib/platform";
import { copyText } from "../../lib/clipboard";
import { useStore } from "../../lib/store";
import { Button, IconButton } from "../../ui/button";
import { ClearIcon, CopyIcon, HistoryIcon } from "../../ui/icons";
import type { MenuEntry } from "../../ui/floating";
import { MenuPop } from "../../ui/pop";
import { useRoom, useSession } from "../context";
import { RunFiles } from "./files/run-files";
import { InputForm } from "./input-form";
import { ProblemList } from "./problem-list";
import { RunMark } from "./run-mark";
import { runWords } from "./run-words";
import { TerminalBar } from "./terminal/terminal-bar";
import type { Screen } from "./terminal/screen";
import { TerminalView } from "./terminal/terminal-view";
import { useRun, type RunInfo } from "./use-run";

/** The side of the page where programs run: what they print and leave, and what they are given. */
export function OutputPane(): ReactNode {
  const session = useSession();
  const people = useRoom((view) => view.people);
  const me = useRoom((view) => view.person);
  const latest = useRoom((view) => view.runs.at(-1)?.run);
  const usesInput = useStore(session.input).use;
  const [tab, setTab] = useState<"output" | "input">("output");
  const [picked, setPicked] = useState<{ run: number; latest: number | undefined } | undefined>();
  const [cleared, setCleared] = useState<number | undefined>();
  const [known, setKnown] = useState(latest);
  const screen = useRef<Screen>(undefined);
  // A new run is what everybody wants to see, whatever was looked at before.
  if (known !== latest) {
    setKnown(latest);
    setTab("output");
  }
  const number = picked?.latest === latest ? picked?.run : undefined;
  const run = useRun(number);

  const empty = run === undefined || cleared === run.run;
  const { files = [], skipped = [] } = run?.finish ?? {};
  const left = files.length + skipped.length;
  const typing = run?.terminal !== undefined && (run.state === "running" || run.state === "waiting");
  const copy = (): void => {
    void copyText(screen.current?.text() ?? "").then((ok) => session.notes.info(ok ? "Output copied." : "The browser does not allow copying."));
  };
  const clear = (): void => {
    if (run?.state === "finished") setCleared(run.run);
    else screen.current?.clear();
  };

  return (
    <section className="output" aria-label="Output" data-tab={tab}>
      <header className="pane-bar">
        <div className="segments">
          {(["output", "input"] as const).map((id) => (
            <Button key={id} look="quiet" small aria-pressed={tab === id} className="segment" onPress={() => setTab(id)}>
              {id === "output" ? "Output" : "Input"}
              {id === "input" && usesInput ? <span className="in-use">in use</span> : null}
            </Button>
          ))}
        </div>
        {tab === "output" ? (
          <div className="pane-actions">
            <RunHistory shown={run?.run} people={people} me={me} onPick={(n) => {
                setPicked({ run: n, latest });
                setCleared(undefined);
              }} />
            <IconButton small name="Copy output" isDisabled={empty || run.silent} onPress={copy}>
              <CopyIcon />
            </IconButton>
            <IconButton small name="Clear output" isDisabled={empty} onPress={clear}>
              <ClearIcon />
            </IconButton>
          </div>
        ) : null}
      </header>
      {tab === "input" ? <InputForm /> : null}
      {tab === "output" && !empty ? <RunLine run={run} people={people} me={me} /> : null}
      {tab === "output" && !empty ? <ProblemList run={run} /> : null}
      <div className="output-body" hidden={tab !== "output"}>
        {/* It stays there with nothing to show, so that it knows its size and a run need not wait for it. */}
        <div className="output-terminal" data-empty={empty || undefined}>
          <TerminalView number={number} screen={screen} />
          {empty ? <Empty cleared={run !== undefined} onRestore={() => setCleared(undefined)} /> : null}
          {!empty && run.silent && run.state === "finished" ? <p className="output-none">The program printed nothing.</p> : null}
        </div>
        {!empty && left > 0 ? <RunFiles key={run.run} room={session.room} run={run.run} files={files} skipped={skipped} /> : null}
        {typing && !empty ? <TerminalBar waiting={run.state === "waiting"} /> : null}
      </div>
    </section>
  );
}

function Empty({ cleared, onRestore }: { readonly cleared: boolean; readonly onRestore: () => void }): ReactNode {
  return (
    <div className="output-empty">
      <p>
        Press <kbd>{shortcut("Mod+Enter")}</kbd> to run the program.
      </p>
      <p className="faint">Everyone in the room sees what it prints.</p>
      {cleared ? (
        <Button look="quiet" small onPress={onRestore}>
          Show the last output again
        </Button>
      ) : null}
    </div>
  );
}

type LineProps = { readonly run: RunInfo; readonly people: readonly PersonView[]; readonly me: string | undefined };

/** How a run stands, who started it, and what it took. */
function RunLine({ run, people, me }: LineProps): ReactNode {
  const words = runWords(run, (person) => nameOf(people, person, me));
  const { finish } = run;
  return (
    <div className="run-line">
      <p className={`run-state ${words.mark}`} data-testid="run-state">
        <RunMark mark={words.mark} />
        {words.text}
      </p>
      <p className="run-facts">
        <span>
          by {nameOf(people, run.by, me)} · v{run.run}
        </span>
        {finish === undefined ? null : (
          <>
            <span title="Time from start to end">{duration(finish.wall)}</span>
            {finish.cpu > 0 ? <span title="Processor time">CPU {duration(finish.cpu)}</span> : null}
            {finish.memory > 0 ? <span title="Memory at the peak">{bytes(finish.memory)}</span> : null}
          </>
        )}
      </p>
      {words.detail === undefined ? null : <p className="run-detail">{words.detail}</p>}
    </div>
  );
}

type HistoryProps = Omit<LineProps, "run"> & { readonly shown: number | undefined; readonly onPick: (run: number) => void };

/** The last runs, as they are when the menu opens: it need not follow what programs print. */
function RunHistory({ shown, people, me, onPick }: HistoryProps): ReactNode {
  const { client } = useSession();
  const none = useRoom((view) => view.runs.length === 0);
  const entries = (): MenuEntry[] => {
    const now = Date.now();
    return client.view().runs.slice(-8).toReversed().map((run) => {
      const { mark, text } = runWords(run, (person) => nameOf(people, person, me));
      const content = (
        <span className={`run-state ${mark}`}>
          <RunMark mark={mark} />
          {text}
        </span>
      );
      return { id: String(run.run), name: text, content, end: `${nameOf(people, run.by, me)} · ${ago(run.at, now)}` };
    });
  };
  return (
    <MenuPop
      label="History"
      className="runs-menu"
      renderButton={(trigger) => (
        <IconButton small name="History" isDisabled={none} {...trigger}>
          <HistoryIcon />
        </IconButton>
      )}
      entries={entries}
      chosen={String(shown)}
      onAction={(run) => onPick(Number(run))}
    />
  );
}

function nameOf(people: readonly PersonView[], person: string, me: string | undefined): string {
  if (person === me) return "you";
  return people.find((p) => p.person === person)?.name ?? "somebody";
}
