import { useEffect, useState, type ReactNode } from "react";
import { ago } from "../../lib/format";
import { Avatar } from "../../ui/avatar";
import { Button, IconButton } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { MoreIcon, SearchIcon } from "../../ui/icons";
import { Loading } from "../../ui/loading";
import { MenuPop } from "../../ui/pop";
import { Confirm, CopyField, Failed, Page, Problem } from "../parts";
import type { Shown } from "../shown";
import { day } from "../time";
import { useDoing, useLoad } from "../use-load";
import { useOfficeWords } from "../use-words";
import { changePerson, fetchPeople, resetLink, type People, type Person } from "./people";

/** Everybody with an account. */
export function PeoplePage({ account }: Shown): ReactNode {
  const words = useOfficeWords();
  const w = words.people;
  const [typed, setTyped] = useState("");
  const [query, setQuery] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setQuery(typed), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  const [first, again] = useLoad(`people ${query}`, (signal) => fetchPeople(query, "", signal));
  return (
    <Page title={words.admin.people} lead={w.lead}>
      <div className="office-filter">
        <label className="office-search">
          <SearchIcon size={14} />
          <span className="hidden">{w.search}</span>
          <input type="search" placeholder={w.search} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </label>
      </div>
      {first.data === undefined ? (
        first.problem === undefined ? (
          <Loading />
        ) : (
          <Failed problem={first.problem} onRetry={again} />
        )
      ) : first.data.people.length === 0 ? (
        <p className="office-none">{w.none(query)}</p>
      ) : (
        <Table key={query} me={account.id} query={query} first={first.data} onChange={again} />
      )}
    </Page>
  );
}

type TableProps = { readonly me: string; readonly query: string; readonly first: People; readonly onChange: () => void };

function Table({ me, query, first, onChange }: TableProps): ReactNode {
  const words = useOfficeWords();
  const w = words.people;
  const [older, setOlder] = useState<readonly People[]>([]);
  const [asking, setAsking] = useState<{ readonly what: "deactivate" | "reset"; readonly person: Person; readonly link?: string } | undefined>();
  const [said, setSaid] = useState("");
  const { busy, problem, run } = useDoing();
  const pages = [first, ...older];
  const next = pages.at(-1)?.next ?? "";
  const change = async (person: Person, what: { admin?: boolean; active?: boolean }): Promise<void> => {
    await changePerson(person.id, what);
    setSaid(w.done(person.name));
    setOlder([]);
    onChange();
  };
  const act = (person: Person, id: string): void => {
    if (id === "deactivate") setAsking({ what: "deactivate", person });
    else if (id === "reset") run(async () => setAsking({ what: "reset", person, link: await resetLink(person.id) }));
    else if (id === "activate") run(() => change(person, { active: true }));
    else run(() => change(person, { admin: id === "admin" }));
  };
  return (
    <>
      <Problem text={problem} />
      <table className="office-table">
        <thead>
          <tr>
            <th scope="col">{words.members.name}</th>
            <th scope="col">{w.joined}</th>
            <th scope="col">{words.members.seen}</th>
            <th scope="col">
              <span className="hidden">{w.actionsColumn}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {pages
            .flatMap(({ people }) => people)
            .map((person) => (
              <Row key={person.id} person={person} own={person.id === me} onAct={(id) => act(person, id)} />
            ))}
        </tbody>
      </table>
      {next === "" ? null : (
        <div className="office-more">
          <Button isPending={busy} onPress={() => run(async () => setOlder([...older, await fetchPeople(query, next)]))}>
            {w.more}
          </Button>
        </div>
      )}
      <output className="hidden">{said}</output>
      {asking?.what === "deactivate" ? (
        <Confirm
          title={w.deactivateTitle(asking.person.name)}
          text={w.deactivateText}
          button={w.deactivateButton}
          onDo={() => change(asking.person, { active: false })}
          onClose={() => setAsking(undefined)}
        />
      ) : null}
      {asking?.link === undefined ? null : (
        <Dialog title={w.resetTitle(asking.person.name)} onClose={() => setAsking(undefined)}>
          <p>{w.resetText}</p>
          <div className="office-copies">
            <CopyField name={w.resetName} value={asking.link} />
          </div>
          <div className="dialog-actions">
            <Button look="accent" onPress={() => setAsking(undefined)}>
              {words.done}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

type RowProps = { readonly person: Person; readonly own: boolean; readonly onAct: (id: string) => void };

function Row({ person, own, onAct }: RowProps): ReactNode {
  const words = useOfficeWords();
  const w = words.people;
  const [now] = useState(() => Date.now());
  const entries = [
    { id: "reset", name: w.reset },
    ...(own ? [] : [person.admin ? { id: "plain", name: w.unmakeAdmin } : { id: "admin", name: w.makeAdmin }]),
    ...(own ? [] : [person.active ? { id: "deactivate", name: w.deactivate, danger: true } : { id: "activate", name: w.activate }]),
  ];
  return (
    <tr data-inactive={person.active ? undefined : ""}>
      <th scope="row">
        <span className="office-person">
          <Avatar name={person.name} color={person.color} size={28} />
          <span>
            <strong>
              {person.name}
              {own ? <em>{words.members.you}</em> : null}
              {person.admin ? <em>{w.admin}</em> : null}
              {person.active ? null : <em className="bad">{w.inactive}</em>}
            </strong>
            {person.email === "" ? null : <small>{person.email}</small>}
          </span>
        </span>
      </th>
      <td data-name={w.joined}>{person.created === 0 ? "" : day(person.created)}</td>
      <td data-name={words.members.seen}>{person.seen === 0 ? words.members.never : ago(person.seen, now)}</td>
      <td className="office-row-end">
        <MenuPop
          label={w.actions(person.name)}
          entries={entries}
          onAction={onAct}
          renderButton={(trigger) => (
            <IconButton {...trigger} small name={w.actions(person.name)}>
              <MoreIcon size={14} />
            </IconButton>
          )}
        />
      </td>
    </tr>
  );
}
