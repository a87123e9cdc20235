import type { ReactNode } from "react";
import { bytes, duration } from "../../lib/format";
import { showMoment } from "../../lib/fragment";
import { Button } from "../../ui/button";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import type { RoomSession } from "../session";
import { RunMark } from "./run-mark";
import { runWords } from "./run-words";
import type { RunInfo } from "./use-run";

/** Shows the room as it was when it was run, in its history. */
function seeVersion({ layout, history }: RoomSession, version: number): void {
  const open = history.get();
  showMoment(version);
  if (layout.main.get() === "history" && open !== undefined) void open.player.open(version);
  layout.showMain("history");
}

/** How a run stands, who started it at which version, and what it took. past says that it is not the latest one. */
export function RunLine({ run, past }: { readonly run: RunInfo; readonly past: boolean }): ReactNode {
  const session = useSession();
  const { run: words } = useWords();
  const people = useRoom((view) => view.people);
  const me = useRoom((view) => view.person);
  const online = useRoom((view) => view.connection === "online");
  const may = useRoom((view) => view.noRun === undefined);
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
        <span>
          {words.by(nameOf(run.by))} ·{" "}
          <button type="button" className="run-version" title={words.versionTip(run.run)} onClick={() => seeVersion(session, run.run)}>
            {words.version(run.run)}
          </button>
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
          {may ? (
            <Button small look="quiet" isDisabled={!online} onPress={() => session.again(run)}>
              {words.again}
            </Button>
          ) : null}
        </p>
      ) : null}
    </div>
  );
}
