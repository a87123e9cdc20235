/* oxlint-disable import/no-unassigned-import -- styles */
import { useState, type ReactNode } from "react";
import { Autocomplete } from "react-aria-components/Autocomplete";
import { Dialog } from "react-aria-components/Dialog";
import { Header } from "react-aria-components/Header";
import { Input } from "react-aria-components/Input";
import { ListBox, ListBoxItem, ListBoxSection } from "react-aria-components/ListBox";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { SearchField } from "react-aria-components/SearchField";
import { shortcut } from "../../lib/platform";
import { recallList, rememberFirst } from "../../lib/storage";
import { useStore } from "../../lib/store";
import { SearchIcon } from "../../ui/icons";
import { useWords, type Words } from "../../words";
import { useRoom, useSession } from "../context";
import { commands } from "./all";
import type { Command } from "./command";
import { best } from "./fuzzy";
import "./palette.css";

const key = "palette";

/** How many actions are remembered as used lately. */
const most = 5;

type Item = { readonly id: string; readonly title: string; readonly beside: string; readonly keys: string; readonly run: () => void };
type Section = { readonly id: string; readonly name: string; readonly items: readonly Item[] };
type Props = { readonly mode: "actions" | "files"; readonly onClose: () => void };

/** Every action by its name and with its shortcut, or every file by its name. */
export function Palette({ mode, onClose }: Props): ReactNode {
  const words = useWords();
  const w = words.frame.palette;
  const [query, setQuery] = useState("");
  const actions = mode === "actions" || query.startsWith(">");
  const wanted = query.replace(/^>\s*/, "");
  const sections = useSections(actions, wanted);
  const items = sections.flatMap((section) => section.items);
  const run = (id: React.Key): void => {
    const item = items.find((one) => one.id === id);
    onClose();
    // The dialog gives the focus back in the next frame; what the action does with it comes after that.
    if (item !== undefined) requestAnimationFrame(() => requestAnimationFrame(() => item.run()));
  };
  return (
    <ModalOverlay isOpen isDismissable className="scrim palette-scrim" onOpenChange={(open) => open || onClose()}>
      <Modal className="dialog palette">
        <Dialog aria-label={w.title}>
          <Autocomplete inputValue={query} onInputChange={setQuery}>
            {/* The field is what a person has asked for, so it has the focus. */}
            <SearchField aria-label={actions ? w.actions : w.files} className="search" autoFocus>
              <SearchIcon size={15} />
              <Input placeholder={actions ? w.actions : w.files} />
            </SearchField>
            <ListBox
              className="palette-list"
              aria-label={w.list}
              selectionMode="none"
              onAction={run}
              renderEmptyState={() => <p className="empty">{actions ? w.noAction : w.noFile}</p>}
            >
              {sections.map(({ id, name, items: some }) =>
                name === "" ? (
                  some.map(row)
                ) : (
                  <ListBoxSection key={id} id={id}>
                    <Header className="menu-heading">{name}</Header>
                    {some.map(row)}
                  </ListBoxSection>
                ),
              )}
            </ListBox>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function row({ id, title, beside, keys }: Item): ReactNode {
  return (
    <ListBoxItem key={id} id={id} className="item" textValue={title}>
      <span className="palette-title">{title}</span>
      {beside === "" ? null : <span className="palette-beside">{beside}</span>}
      {keys === "" ? null : <kbd>{keys}</kbd>}
    </ListBoxItem>
  );
}

function useSections(actions: boolean, query: string): readonly Section[] {
  const session = useSession();
  const words = useWords();
  const files = useRoom((view) => view.files);
  const shown = useStore(session.file);
  if (!actions) {
    const items = files.map(({ id, name }): Item => ({
      id: `file.${id}`,
      title: name.slice(name.lastIndexOf("/") + 1),
      beside: id === shown ? words.frame.palette.now : name.slice(0, Math.max(0, name.lastIndexOf("/"))),
      keys: "",
      run: () => {
        session.layout.showMain(undefined);
        session.show(id);
        session.editor.focus();
      },
    }));
    return [{ id: "files", name: "", items: best(items, query, ({ title, beside }) => `${title} ${beside}`) }].filter(notEmpty);
  }
  const able = commands.filter((command) => command.id !== "frame.palette" && command.when?.(session) !== false);
  const item = (command: Command): Item => ({
    id: command.id,
    title: command.title(words),
    beside: words.frame.groups[command.group],
    keys: command.keys === undefined ? "" : shortcut(command.keys),
    run: () => {
      rememberFirst(key, command.id, most);
      command.run(session);
    },
  });
  if (query.trim() !== "") return [{ id: "found", name: "", items: best(able.map(item), query, ({ title, beside }) => `${title} ${beside}`) }].filter(notEmpty);
  return grouped(able, item, words);
}

/** All actions under their headings, those used lately before them. */
function grouped(able: readonly Command[], item: (command: Command) => Item, words: Words): readonly Section[] {
  const lately = recallList(key).flatMap((id) => able.filter((command) => command.id === id));
  const sections: Section[] = [{ id: "lately", name: words.frame.palette.recent, items: lately.map((command) => ({ ...item(command), beside: "" })) }];
  for (const group of Object.keys(words.frame.groups) as Command["group"][]) {
    const some = able.filter((command) => command.group === group && !lately.includes(command));
    sections.push({ id: group, name: words.frame.groups[group], items: some.map((command) => ({ ...item(command), beside: "" })) });
  }
  return sections.filter(notEmpty);
}

function notEmpty({ items }: Section): boolean {
  return items.length > 0;
}
