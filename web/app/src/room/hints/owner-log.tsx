import { useCallback, useEffect, useState, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/button";
import { locale } from "../../words";
import { useRoom, useSession } from "../context";
import { log, type Record, type Totals } from "./ask";
import { useHints, usePanelWords } from "./use-panel";

type Loaded = { readonly totals: Totals; readonly records: readonly Record[]; readonly more: boolean };

/** So many come with each page. */
const page = 20;

/** What an owner sees of the use of hints, and of what left because of it. It is loaded when it is opened. */
export function OwnerLog(): ReactNode {
  const words = usePanelWords();
  const [open, setOpen] = useState(false);
  // What has just been asked is in the log as well.
  const done = useStore(useHints().entries).filter(({ state }) => state === "done").length;
  return (
    <details className="hints-owner" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.owner}</summary>
      {open ? <Log key={done} /> : null}
    </details>
  );
}

function Log(): ReactNode {
  const { room } = useSession();
  const words = usePanelWords();
  const [loaded, setLoaded] = useState<Loaded>();
  const [failed, setFailed] = useState(false);
  const load = useCallback(
    (before?: Loaded) => {
      log(room, before?.records.at(-1)?.at).then(
        ({ totals, records }) => {
          setLoaded({ totals, records: [...(before?.records ?? []), ...records], more: records.length === page });
          setFailed(false);
        },
        () => setFailed(true),
      );
    },
    [room],
  );
  useEffect(() => load(), [load]);

  if (failed) return <p className="hint-failed">{words.logFailed}</p>;
  if (loaded === undefined) return <p aria-busy="true" />;
  return (
    <>
      <Sums totals={loaded.totals} />
      {loaded.records.length === 0 ? <p className="faint">{words.logEmpty}</p> : null}
      <ol className="hints-records">
        {loaded.records.map((record) => (
          <Row key={record.id} record={record} />
        ))}
      </ol>
      <p>
        <Button small onPress={() => load()}>
          {words.refresh}
        </Button>{" "}
        {loaded.more ? (
          <Button small onPress={() => load(loaded)}>
            {words.older}
          </Button>
        ) : null}
      </p>
    </>
  );
}

function Sums({ totals: t }: { readonly totals: Totals }): ReactNode {
  const words = usePanelWords();
  const language = useStore(locale);
  const number = new Intl.NumberFormat(language);
  const share = t.asked === 0 ? "–" : `${Math.round((100 * t.cached) / t.asked)} %`;
  const cost = t.cost > 0 ? `$${(t.cost / 1e6).toFixed(4)}` : t.tokens > 0 ? words.noCost : "$0";
  const rows: readonly (readonly [string, string])[] = [
    [words.totals.asked, number.format(t.asked)],
    [words.totals.hits, share],
    [words.totals.tokens, number.format(t.tokens)],
    [words.totals.cost, cost],
    [words.totals.first, words.ms(t.first_ms)],
    [words.totals.slow, words.ms(t.slow_ms)],
    [words.totals.votes, `${t.up} / ${t.down}`],
  ];
  return (
    <dl className="hints-sums">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Row({ record }: { readonly record: Record }): ReactNode {
  const words = usePanelWords();
  const language = useStore(locale);
  const name = useRoom((view) => view.people.find(({ person }) => person === record.person)?.name);
  const clock = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "medium" });
  const what = record.kind === "hint" ? words.levels[record.level - 1] : words.kinds[record.kind];
  const marks = [
    words.outcomes[record.outcome] ?? record.outcome,
    ...(record.cached === true ? [words.cached] : []),
    ...(record.ahead === true ? [words.prepared] : []),
    words.ms(record.total_ms),
  ];
  return (
    <li>
      <p>
        <time dateTime={new Date(record.at).toISOString()}>{clock.format(record.at)}</time> <b>{name ?? words.somebody}</b>: {what} · {marks.join(" · ")}
      </p>
      {record.sent === undefined ? (
        <p className="faint">{words.notSent}</p>
      ) : (
        <details>
          <summary>{words.sentTo((record.to ?? []).join(", "))}</summary>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls */}
          <pre tabIndex={0}>{record.sent}</pre>
        </details>
      )}
    </li>
  );
}
