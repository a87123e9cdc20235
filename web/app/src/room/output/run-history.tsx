import type { RunView } from "@codecollab/client";
import { useState, type ReactNode } from "react";
import { ago, bytes, duration } from "../../lib/format";
import { Avatar } from "../../ui/avatar";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { viewOf } from "./output";
import { RunMark } from "./run-mark";
import { runWords } from "./run-words";

/** A page that comes back to a room keeps so many runs of it; with fewer, it has all. */
const few = 10;

/** All runs of the room, newest first: those that the page knows, and the pages before them that somebody asks for. */
export function RunHistory({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { output, client, notes } = useSession();
  const { run: words } = useWords();
  const [now] = useState(() => Date.now());
  // It need not follow what programs print.
  const [known, setKnown] = useState<{ readonly runs: readonly RunView[]; readonly more: boolean }>(() => ({ runs: client.view().runs.toReversed(), more: client.view().runs.length >= few }));
  const [busy, setBusy] = useState(false);
  const shown = output.shown()?.run;

  const open = (run: number): void => {
    output.show(run).then(onClose, () => notes.error(words.history.failed));
  };
  const earlier = (): void => {
    const oldest = known.runs.at(-1)?.run;
    if (oldest === undefined) return;
    setBusy(true);
    output
      .before(oldest)
      .then(
        ({ runs, more }) => setKnown({ runs: [...known.runs, ...runs.map(viewOf).toReversed()], more }),
        () => notes.error(words.history.pageFailed),
      )
      .finally(() => setBusy(false));
  };
  return (
    <Dialog title={words.history.title} wide onClose={onClose}>
      <ul className="runs-list">
        {known.runs.map((run) => (
          <li key={run.run}>
            <Row run={run} now={now} current={run.run === shown} onPress={() => open(run.run)} />
          </li>
        ))}
      </ul>
      <div className="dialog-actions">
        {known.more && known.runs.length > 0 ? (
          <Button look="quiet" isPending={busy} onPress={earlier}>
            {words.history.earlier}
          </Button>
        ) : null}
        <Button onPress={onClose}>{words.history.close}</Button>
      </div>
    </Dialog>
  );
}

type RowProps = { readonly run: RunView; readonly now: number; readonly current: boolean; readonly onPress: () => void };

function Row({ run, now, current, onPress }: RowProps): ReactNode {
  const { run: words } = useWords();
  const people = useRoom((view) => view.people);
  const me = useRoom((view) => view.person);
  const known = people.find(({ person }) => person === run.by);
  const name = run.by === me ? words.you : (known?.name ?? words.somebody);
  const { mark, text } = runWords(run, (person) => (person === me ? words.you : (people.find((p) => p.person === person)?.name ?? words.somebody)));
  const { finish } = run;
  return (
    <Button look="quiet" className="runs-row" aria-current={current} onPress={onPress}>
      <span className={`run-state ${mark}`}>
        <RunMark mark={mark} />
        {text}
      </span>
      <span className="runs-who">
        <Avatar name={known?.name ?? words.somebody} color={known?.color ?? 0} size={18} />
        {words.by(name)}
      </span>
      <span className="runs-facts">
        {words.version(run.run)} · {ago(run.at, now)}
        {finish === undefined ? "" : ` · ${duration(finish.wall)}`}
        {finish !== undefined && finish.memory > 0 ? ` · ${bytes(finish.memory)}` : ""}
      </span>
    </Button>
  );
}
