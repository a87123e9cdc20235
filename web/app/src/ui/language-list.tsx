import { useState, type ReactNode } from "react";
import { Autocomplete } from "react-aria-components/Autocomplete";
import { Header } from "react-aria-components/Header";
import { Input } from "react-aria-components/Input";
import { Menu, MenuItem, MenuSection } from "react-aria-components/Menu";
import { SearchField } from "react-aria-components/SearchField";
import type { Language } from "../lib/api";
import { useWords, type Words } from "../words";
import { findLanguage, recentLanguages, search, type Catalogue } from "../lib/languages";
import { CheckIcon, SearchIcon } from "./icons";
import { MissingLanguage } from "./missing-language";

type Props = {
  readonly languages: Catalogue;
  /** The chosen language's id. */
  readonly value: string;
  readonly onPick: (language: Language) => void;
};

type Section = { readonly id: string; readonly name: string; readonly list: readonly Language[] };

/** All languages; in the place of one that is not on this server comes how to get it. */
export function LanguageList({ languages, value, onPick }: Props): ReactNode {
  const [query, setQuery] = useState("");
  const [missing, setMissing] = useState<Language>();
  if (missing !== undefined) return <MissingLanguage language={missing} onBack={() => setMissing(undefined)} />;
  const pick = (language: Language): void => {
    if (languages.state === "ready" && !language.available) setMissing(language);
    else onPick(language);
  };
  return <Searchable languages={languages} value={value} query={query} onQuery={setQuery} onPick={pick} />;
}

type SearchableProps = Props & { readonly query: string; readonly onQuery: (query: string) => void };

/** A list with a field to search it: languages used lately, those on this server, and those that are not. */
function Searchable({ languages, value, query, onQuery, onPick }: SearchableProps): ReactNode {
  const { list, state } = languages;
  const words = useWords();
  const w = words.frame.languages;
  const sections = sectionsOf(languages, query, w);
  const here = list.filter((l) => l.available).length;
  const pick = (key: React.Key): void => {
    const language = findLanguage(list, String(key));
    if (language !== undefined) onPick(language);
  };
  return (
    <Autocomplete inputValue={query} onInputChange={onQuery}>
      {/* The field is the only thing to do here, so the focus goes to it: no jump happens behind the reader's back. */}
      <SearchField aria-label={w.search} className="search" autoFocus>
        <SearchIcon size={14} />
        <Input placeholder={w.hint} />
      </SearchField>
      {state === "looking" ? (
        <output className="picker-looking">
          <span className="spinner" aria-hidden="true" /> {w.looking}
        </output>
      ) : null}
      <Menu
        className="menu"
        aria-label={w.list}
        selectionMode="single"
        disallowEmptySelection
        shouldCloseOnSelect={false} // whoever is told of the pick closes it; for one that is not here it stays open
        selectedKeys={[value]}
        onAction={pick}
        renderEmptyState={() => <p className="empty">{state === "loading" ? words.frame.loading : w.noMatch(query)}</p>}
      >
        {sections.map(({ id, name, list: some }) => (
          <MenuSection key={id} id={id}>
            <Header className="menu-heading">{name}</Header>
            {some.map((l) => row(l, value, id === "missing", w))}
          </MenuSection>
        ))}
      </Menu>
      {state === "ready" ? (
        <p className="picker-count">
          {w.count(here, list.length)}
        </p>
      ) : null}
    </Autocomplete>
  );
}

type ListWords = Words["frame"]["languages"];

function sectionsOf({ list, state }: Catalogue, query: string, w: ListWords): readonly Section[] {
  const found = search(list, query);
  if (state !== "ready") return found.length === 0 ? [] : [{ id: "all", name: w.all, list: found }];
  const recents = query.trim() === "" ? recentLanguages().map((id) => findLanguage(list, id)) : [];
  const recent = recents.filter((l) => l !== undefined && l.available) as readonly Language[];
  return [
    { id: "recent", name: w.recent, list: recent },
    { id: "here", name: w.here, list: found.filter((l) => l.available && !recent.includes(l)) },
    { id: "missing", name: w.missing, list: found.filter((l) => !l.available) },
  ].filter((section) => section.list.length > 0);
}

function row(language: Language, value: string, missing: boolean, w: ListWords): ReactNode {
  const { id, name, versions, variantOf } = language;
  return (
    <MenuItem key={id} id={id} className={`item${missing ? " missing" : ""}`} textValue={name} {...(missing ? { "aria-label": w.isMissing(name) } : {})}>
      <span className="picker-name">{name}</span>
      {variantOf === undefined ? null : <span className="badge">{w.variant}</span>}
      <span className="version">{versions.join(", ")}</span>
      {id === value ? (
        <span className="check">
          <CheckIcon />
        </span>
      ) : null}
    </MenuItem>
  );
}
