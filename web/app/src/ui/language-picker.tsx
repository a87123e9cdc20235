import { useEffect, useState, type ReactNode } from "react";
import { Autocomplete } from "react-aria-components/Autocomplete";
import { DialogTrigger } from "react-aria-components/Dialog";
import { Header } from "react-aria-components/Header";
import { Input } from "react-aria-components/Input";
import { Menu, MenuItem, MenuSection } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { SearchField } from "react-aria-components/SearchField";
import type { Language } from "../lib/api";
import { catalogue, findLanguage, loadLanguages, matches, recentLanguages, type Catalogue } from "../lib/languages";
import { useStore } from "../lib/store";
import { Button } from "./button";
import { CheckIcon, ChevronIcon, SearchIcon } from "./icons";

type Props = {
  /** The chosen language's id. */
  readonly value: string;
  readonly onPick: (language: Language) => void;
  readonly className?: string;
  readonly isDisabled?: boolean;
  /** Which edge of the button the list is in line with. */
  readonly align?: "start" | "end";
};

/** A button that names the language, and opens a list of all with a field to search it. */
export function LanguagePicker({ value, onPick, className, isDisabled = false, align = "end" }: Props): ReactNode {
  const languages = useStore(catalogue);
  const [open, setOpen] = useState(false);
  useEffect(loadLanguages, []);
  const current = findLanguage(languages.list, value);
  const name = current?.name ?? value;

  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button look="outline" className={`language ${className ?? ""}`} isDisabled={isDisabled} aria-label={`Language: ${name || "none"}`}>
        <span className="language-name">{name || "Language"}</span>
        <ChevronIcon size={14} />
      </Button>
      <Popover className="popover" aria-label="Choose a language" placement={`bottom ${align}`} offset={5}>
        <div className="picker">
          <Body
            languages={languages}
            value={current?.id ?? value}
            onPick={(language) => {
              setOpen(false);
              onPick(language);
            }}
          />
        </div>
      </Popover>
    </DialogTrigger>
  );
}

function Body({ languages, value, onPick }: { languages: Catalogue; value: string; onPick: Props["onPick"] }): ReactNode {
  const [query, setQuery] = useState("");
  if (languages.state === "failed") {
    return (
      <div className="picker-error" role="alert">
        <p>{languages.error}</p>
        <Button small onPress={loadLanguages}>
          Try again
        </Button>
      </div>
    );
  }
  const recents = query === "" ? recentLanguages().map((id) => findLanguage(languages.list, id)) : [];
  const recent = recents.filter((l) => l !== undefined && l.available);
  const found = languages.list.filter((l) => matches(l, query));
  const rest = found.filter((l) => !recent.includes(l));
  const pick = (key: React.Key): void => {
    const language = findLanguage(languages.list, String(key));
    if (language !== undefined) onPick(language);
  };
  return (
    <Autocomplete inputValue={query} onInputChange={setQuery}>
      {/* The field is the only thing to do here, so the focus goes to it: no jump happens behind the reader's back. */}
      <SearchField aria-label="Search languages" className="search" autoFocus>
        <SearchIcon size={14} />
        <Input placeholder="Search, for example “py” or “node”" />
      </SearchField>
      <Menu
        className="menu"
        aria-label="Languages"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[value]}
        disabledKeys={languages.list.filter((l) => !l.available).map((l) => l.id)}
        onAction={pick}
        renderEmptyState={() => (
          <p className="empty">{languages.state === "loading" ? "Loading…" : `No language matches “${query}”.`}</p>
        )}
      >
        {recent.length > 0 && rest.length > 0 ? (
          <>
            <MenuSection id="recent">
              <Header className="menu-heading">Recent</Header>
              {recent.map((l) => (l === undefined ? null : row(l, value)))}
            </MenuSection>
            <MenuSection id="all">
              <Header className="menu-heading">All languages</Header>
              {rest.map((l) => row(l, value))}
            </MenuSection>
          </>
        ) : (
          found.map((l) => row(l, value))
        )}
      </Menu>
    </Autocomplete>
  );
}

function row(language: Language, value: string): ReactNode {
  const { id, name, version, available } = language;
  return (
    <MenuItem key={id} id={id} className="item" textValue={name}>
      {name}
      <span className="version">{available ? version : "not installed on this server"}</span>
      {id === value ? (
        <span className="check">
          <CheckIcon />
        </span>
      ) : null}
    </MenuItem>
  );
}
