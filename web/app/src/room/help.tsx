/* oxlint-disable import/no-unassigned-import -- styles */
import type { ReactNode } from "react";
import { shortcut } from "../lib/platform";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { useWords, type Words } from "../words";
import { commands } from "./commands/all";
import "./help.css";

/** The list of shortcuts. */
export function Help({ onClose }: { readonly onClose: () => void }): ReactNode {
  const words = useWords();
  return (
    <Dialog title={words.frame.shortcuts} wide onClose={onClose}>
      <div className="help">
        {[...listed(words), terminal(words)].map(({ name, keys }) => (
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
        <p className="help-more">
          {words.frame.help.palette} <kbd>{shortcut("Mod+Shift+P")}</kbd>
        </p>
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

/** Keys that the terminal knows by itself. */
function terminal({ frame: { help } }: Words): Listed {
  return {
    name: help.terminal,
    keys: [
      ["Esc, Tab", help.leave],
      ["Ctrl+C", help.interrupt],
      ["Ctrl+D", help.end],
    ],
  };
}
