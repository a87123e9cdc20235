/* oxlint-disable import/no-unassigned-import -- styles of what is loaded with them */
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Button, IconButton } from "../../ui/button";
import { ChevronIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import type { RoomSession } from "../session";
import { limits, type FileHits, type Hit, type Results } from "./engine";
import type { Query } from "./query";
import { Search } from "./search";
import "../files/files-panel.css";
import "./search-panel.css";

/** The search of each visit, so that it is still there when the sidebar comes back. */
const searches = new WeakMap<RoomSession, Search>();

function searchOf(session: RoomSession): Search {
  const known = searches.get(session);
  if (known !== undefined) return known;
  const search = new Search(session.client, session.editor, session.notes);
  searches.set(session, search);
  return search;
}

/** The sidebar's view that searches the files, and replaces in them. */
export function SearchPanel(): ReactNode {
  const session = useSession();
  const words = useWords().files.search;
  const search = searchOf(session);
  const query = useStore(search.query);
  const asked = useStore(session.files.searches);
  const busy = useStore(search.busy);
  const [replaces, setReplaces] = useState(false);
  const [by, setBy] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => search.start(), [search]);
  useEffect(() => {
    if (asked >= 0) field.current?.select(); // each time that it is asked for anew
  }, [asked]);
  const change = (part: Partial<Query>): void => search.look({ ...query, ...part });
  return (
    <section className="search-panel" aria-label={words.title}>
      <header className="side-bar">
        <h2>{words.title}</h2>
      </header>
      <form
        className="search-form"
        onSubmit={(event) => {
          event.preventDefault();
          change({});
        }}
      >
        <IconButton small className="search-more" name={words.toggleReplace} aria-expanded={replaces} onPress={() => setReplaces(!replaces)}>
          <ChevronIcon size={14} />
        </IconButton>
        <div className="search-fields">
          <div className="search-field">
            <input
              ref={field}
              className="input mono"
              type="text"
              aria-label={words.find}
              placeholder={words.find}
              value={query.text}
              spellCheck={false}
              autoCapitalize="off"
              autoComplete="off"
              onChange={(event) => change({ text: event.target.value })}
            />
            <Switch on={query.matchCase} name={words.matchCase} sign="Aa" onSwitch={(matchCase) => change({ matchCase })} />
            <Switch on={query.wholeWord} name={words.wholeWord} sign="ab" boxed onSwitch={(wholeWord) => change({ wholeWord })} />
            <Switch on={query.regexp} name={words.regexp} sign=".*" onSwitch={(regexp) => change({ regexp })} />
          </div>
          {replaces ? (
            <div className="search-field">
              <input
                className="input mono"
                type="text"
                aria-label={words.replaceBy}
                placeholder={words.replaceBy}
                value={by}
                spellCheck={false}
                autoCapitalize="off"
                autoComplete="off"
                onChange={(event) => setBy(event.target.value)}
              />
              <Button small isDisabled={query.text === "" || busy} onPress={() => search.replaceAll(by)}>
                {words.replaceAll}
              </Button>
            </div>
          ) : null}
        </div>
      </form>
      <Found search={search} />
    </section>
  );
}

type SwitchProps = { readonly on: boolean; readonly name: string; readonly sign: string; readonly boxed?: boolean; readonly onSwitch: (on: boolean) => void };

function Switch({ on, name, sign, boxed = false, onSwitch }: SwitchProps): ReactNode {
  return (
    <button type="button" className={`search-switch${boxed ? " boxed" : ""}`} aria-label={name} aria-pressed={on} title={name} onClick={() => onSwitch(!on)}>
      <span aria-hidden="true">{sign}</span>
    </button>
  );
}

function Found({ search }: { readonly search: Search }): ReactNode {
  const words = useWords().files.search;
  const state = useStore(search.state);
  const results = "results" in state ? state.results : undefined;
  const line =
    state.kind === "idle" ? words.hint
    : state.kind === "bad" ? words.bad(state.why)
    : state.kind === "slow" ? words.slow
    : results === undefined ? words.searching
    : results.count === 0 ? words.none
    : results.more ? words.atMost(results.count)
    : words.summary(words.matches(results.count), words.files(results.files.length));
  const wrong = state.kind === "bad" || state.kind === "slow";
  return (
    <>
      <p className={`search-line${wrong ? " problem" : ""}`} role={wrong ? "alert" : "status"}>
        {line}
      </p>
      {results === undefined || results.count === 0 ? null : <Groups results={results} />}
    </>
  );
}

/** The matches by file. Arrows go from one to the next. */
function Groups({ results }: { readonly results: Results }): ReactNode {
  const words = useWords().files.search;
  const list = useRef<HTMLElement>(null);
  const key = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>("button") ?? [])];
    buttons[buttons.indexOf(document.activeElement as HTMLElement) + step]?.focus();
    event.preventDefault();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its buttons have the focus
    <section className="search-results" aria-label={words.results} ref={list} onKeyDown={key}>
      {results.files.map((found) => (
        <Group key={found.file} found={found} />
      ))}
    </section>
  );
}

function Group({ found }: { readonly found: FileHits }): ReactNode {
  const [open, setOpen] = useState(true);
  const name = useRoom((view) => view.files.find(({ id }) => id === found.file)?.name);
  const { hits } = found;
  if (name === undefined) return null;
  return (
    <section className="search-group">
      <h3>
        <button type="button" aria-expanded={open} title={name} onClick={() => setOpen(!open)}>
          <span className="tree-chevron" aria-hidden="true">
            <ChevronIcon size={12} />
          </span>
          <span className="tree-name">{name}</span>
          <span className="search-count">
            {hits.length}
            {hits.length === limits.perFile ? "+" : ""}
          </span>
        </button>
      </h3>
      {open ? (
        <ul>
          {hits.map((hit) => (
            <Match key={`${hit.start} ${hit.end}`} file={found.file} hit={hit} />
          ))}
        </ul>
      ) : null}
    </section>
  );
}

function Match({ file, hit }: { readonly file: string; readonly hit: Hit }): ReactNode {
  const session = useSession();
  const words = useWords().files.search;
  const { preview, from, to, line } = hit;
  return (
    <li>
      <button type="button" className="search-match" aria-label={words.lineOf(line, preview)} onClick={() => session.jump(file, hit.start, hit.end)}>
        <span className="search-at">{line}</span>
        <span className="search-text mono">
          {preview.slice(0, from)}
          <mark>{preview.slice(from, to)}</mark>
          {preview.slice(to)}
        </span>
      </button>
    </li>
  );
}
