import { useEffect, useState, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { AlertIcon, DownloadIcon, SearchIcon } from "../../ui/icons";
import { Loading } from "../../ui/loading";
import { fetchConnections, fetchMembers } from "../api";
import { Failed, Page } from "../parts";
import { clock, day, moment } from "../time";
import { problemOf, useLoad } from "../use-load";
import { useOfficeWords, useTrailWords } from "../use-words";
import { auditPath, byDay, conditions, fetchLines, groups, sentence, type Entry, type Lines, type Query } from "./audit";

/** The audit log of an organisation; without one, of the whole installation. */
export function AuditPage({ org }: { readonly org?: string }): ReactNode {
  const { sections } = useOfficeWords();
  const w = useTrailWords();
  const [typed, setTyped] = useState("");
  const [query, setQuery] = useState<Query>({ q: "", action: "", outcome: "" });
  const names = useNames(org);
  useEffect(() => {
    const timer = setTimeout(() => setQuery((now) => ({ ...now, q: typed })), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  const key = `${org ?? ""}${conditions(query)}`;
  const [first, again] = useLoad(key, (signal) => fetchLines(org, query, 0, signal));
  return (
    <Page
      title={sections.audit}
      lead={org === undefined ? w.leadAll : w.lead}
      action={
        <a className="button outline" download href={`${auditPath(org)}/export${conditions(query)}`} title={w.exportHint}>
          <DownloadIcon size={14} /> {w.export}
        </a>
      }
    >
      <div className="office-filter">
        <label className="office-search">
          <SearchIcon size={14} />
          <span className="hidden">{w.search}</span>
          <input type="search" placeholder={w.searchHint} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </label>
        <Filters query={query} onChange={setQuery} />
      </div>
      {first.data === undefined ? (
        first.problem === undefined ? (
          <Loading />
        ) : (
          <Failed problem={first.problem} onRetry={again} />
        )
      ) : first.data.entries.length === 0 ? (
        <p className="office-none">{conditions(query) === "" ? w.none : w.noneFound}</p>
      ) : (
        <Log key={key} org={org} query={query} first={first.data} names={names} />
      )}
    </Page>
  );
}

/** The names of those that lines are about, as far as the organisation knows them. */
function useNames(org: string | undefined): ReadonlyMap<string, string> {
  const [names] = useLoad(`names ${org ?? ""}`, async (signal) => {
    if (org === undefined) return new Map<string, string>();
    const [members, connections] = await Promise.all([fetchMembers(org, signal), fetchConnections(org, signal)]);
    return new Map([...members.map(({ account, name }) => [account, name] as const), ...connections.map(({ id, name }) => [id, name] as const)]);
  });
  return names.data ?? new Map<string, string>();
}

function Filters({ query, onChange }: { readonly query: Query; readonly onChange: (query: Query) => void }): ReactNode {
  const w = useTrailWords();
  return (
    <>
      <select className="input office-select" aria-label={w.kind} value={query.action} onChange={(event) => onChange({ ...query, action: event.target.value })}>
        <option value="">{w.all}</option>
        {groups.map(({ id, actions }) => (
          <optgroup key={id} label={w.kinds[id]}>
            <option value={actions.join(",")}>{w.kindAll(w.kinds[id] ?? id)}</option>
            {actions.map((action) => (
              <option key={action} value={action}>
                … {(w.actions[action] ?? action).replace("%s", "…")}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <select className="input office-select" aria-label={w.outcome} value={query.outcome} onChange={(event) => onChange({ ...query, outcome: event.target.value })}>
        <option value="">{w.any}</option>
        <option value="ok">{w.ok}</option>
        <option value="failed">{w.refused}</option>
      </select>
    </>
  );
}

type LogProps = {
  readonly org: string | undefined;
  readonly query: Query;
  readonly first: Lines;
  readonly names: ReadonlyMap<string, string>;
};

/** The lines by days, and the button for those before. */
function Log({ org, query, first, names }: LogProps): ReactNode {
  const w = useTrailWords();
  const [older, setOlder] = useState<readonly Lines[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const [now] = useState(() => Date.now());
  const pages = [first, ...older];
  const next = pages.at(-1)?.next ?? 0;
  const dayName = (at: number): string => {
    const name = day(at);
    return name === day(now) ? w.today : name === day(now - 86_400_000) ? w.yesterday : name;
  };
  const more = (): void => {
    setBusy(true);
    setProblem("");
    fetchLines(org, query, next).then(
      (lines) => {
        setBusy(false);
        setOlder((all) => [...all, lines]);
      },
      (error: unknown) => {
        setBusy(false);
        setProblem(problemOf(error).message);
      },
    );
  };
  return (
    <>
      {byDay(pages.flatMap(({ entries }) => entries), dayName).map(({ day: name, entries }) => (
        <section key={name} className="office-day">
          <h2>{name}</h2>
          <ul>
            {entries.map((entry) => (
              <Line key={entry.seq} entry={entry} names={names} />
            ))}
          </ul>
        </section>
      ))}
      <div className="office-more">
        {next === 0 ? (
          <p className="office-hint">{w.end}</p>
        ) : (
          <Button isPending={busy} onPress={more}>
            {w.more}
          </Button>
        )}
        <p className="office-problem" role="alert">
          {problem}
        </p>
      </div>
    </>
  );
}

function Line({ entry, names }: { readonly entry: Entry; readonly names: ReadonlyMap<string, string> }): ReactNode {
  const w = useTrailWords();
  const { who, before, target, after } = sentence(entry, w, names);
  const failed = entry.outcome !== "ok";
  return (
    <li>
      <details className="office-entry">
        <summary>
          <time dateTime={new Date(entry.at).toISOString()}>{clock(entry.at)}</time>
          <span className="office-entry-text">
            <strong>{who}</strong> {before}
            {target === "" ? null : <b>{target}</b>}
            {after}
            {failed ? (
              <span className="office-entry-failed">
                <AlertIcon size={13} /> {w.failed(entry.outcome)}
              </span>
            ) : null}
          </span>
          <span className="office-entry-from">{entry.address}</span>
        </summary>
        <dl>
          {facts(entry, w.fields).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  );
}

/** All that is known of a line. */
function facts(entry: Entry, names: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  const { seq, action, person, name, target, outcome, address, agent } = entry;
  const all: readonly (readonly [string, string])[] = [
    [names["seq"] ?? "seq", `${seq} · ${moment(entry.at)}`],
    [names["action"] ?? "action", action],
    [names["person"] ?? "person", [name, person].filter((part) => part !== "").join(" · ")],
    [names["target"] ?? "target", target],
    [names["outcome"] ?? "outcome", outcome],
    [names["address"] ?? "address", address],
    [names["agent"] ?? "agent", agent],
    ...Object.entries(entry.detail),
  ];
  return all.filter(([, value]) => value !== "");
}
