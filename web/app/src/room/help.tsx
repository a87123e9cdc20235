/* oxlint-disable import/no-unassigned-import -- styles */
import type { ReactNode } from "react";
import { isMac, shortcut } from "../lib/platform";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { useWords, type Words } from "../words";
import { commands } from "./commands/all";
import "./help.css";

/** Keys that the editor, the tabs and the terminal know by themselves. Each area moves its own to its commands. */
const others: readonly { name: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    name: "Files",
    keys: [
      ["←  →", "Another tab"],
      ["F2", "Rename"],
      ["Delete", "Delete"],
    ],
  },
  {
    name: "Terminal",
    keys: [
      ["Esc, Tab", "Leave the terminal"],
      ["Ctrl+C", "Interrupt the program; copy what is selected"],
      ["Ctrl+D", "End of input"],
    ],
  },
  {
    name: "Editing",
    keys: [
      ["Mod+Z", "Undo your own last change"],
      [isMac ? "Mod+Shift+Z" : "Mod+Y", "Redo"],
      ["Mod+F", "Find and replace"],
      ["Mod+/", "Comment or uncomment"],
      ["Mod+D", "Select the next occurrence"],
      ["Alt+↑  Alt+↓", "Move the line"],
      ["Tab", "Indent"],
      ["Esc, Tab", "Leave the editor"],
    ],
  },
];

/** The list of shortcuts. */
export function Help({ onClose }: { readonly onClose: () => void }): ReactNode {
  const words = useWords();
  return (
    <Dialog title={words.frame.shortcuts} wide onClose={onClose}>
      <div className="help">
        {[...listed(words), ...others].map(({ name, keys }) => (
          <section key={name}>
            <h3>{name}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    <kbd>{shortcut(key)}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <div className="dialog-actions">
        <Button onPress={onClose}>{words.frame.close}</Button>
      </div>
    </Dialog>
  );
}

type Listed = { name: string; keys: [string, string][] };

/** The actions that have a shortcut, under their headings. */
function listed(words: Words): Listed[] {
  const found = new Map<string, Listed>();
  for (const { group, keys, title } of commands) {
    if (keys === undefined) continue;
    const list = found.get(group) ?? { name: words.frame.groups[group], keys: [] };
    found.set(group, list);
    list.keys.push([keys, title(words)]);
  }
  return [...found.values()];
}
