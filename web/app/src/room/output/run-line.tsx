import type { ReactNode } from "react";
import { bytes, duration } from "../../lib/format";
import { Button } from "../../ui/button";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { RunMark } from "./run-mark";
import { runWords } from "./run-words";
import type { RunInfo } from "./use-run";

/** How a run stands, who started it at which version, and what it took. past says that it is not the latest one. */
export function RunLine({ run, past }: { readonly run: RunInfo; readonly past: boolean }): ReactNode {
  const session = useSession();
  const { run: words } = useWords();
  const people = useRoom((view) => view.people);
  const me = useRoom((view) => view.person);
  const online = useRoom((view) => view.connection === "online");
  const nameOf = (person: string): string => (person === me ? words.you : (people.find((p) => p.person === person)?.name ?? words.somebody));
  const state = runWords(run, nameOf);
  const { finish } = run;
  return (
    <div className="run-line">
      <p className={`run-state ${state.mark}`} data-testid="run-state">
        <RunMark mark={state.mark} />
        {state.text}
      </p>
      <p className="run-facts">
        <span title={words.versionTip(run.run)}>
          {words.by(nameOf(run.by))} · {words.version(run.run)}
        </span>
        {finish === undefined ? null : (
          <>
            <span title={words.wall}>{duration(finish.wall)}</span>
            {finish.cpu > 0 ? <span title={words.cpuTip}>{words.cpu(duration(finish.cpu))}</span> : null}
            {finish.memory > 0 ? <span title={words.memory}>{bytes(finish.memory)}</span> : null}
          </>
        )}
      </p>
      {state.detail === undefined ? null : <p className="run-detail">{state.detail}</p>}
      {past ? (
        <p className="run-past">
          {words.history.past}
          <Button small look="quiet" onPress={() => session.output.picked.set(undefined)}>
            {words.history.latest}
          </Button>
          <Button small look="quiet" isDisabled={!online} onPress={() => session.again(run)}>
            {words.again}
          </Button>
        </p>
      ) : null}
    </div>
  );
}
