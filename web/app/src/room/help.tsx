import type { ReactNode } from "react";
import { isMac, shortcut } from "../lib/platform";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";

const groups: readonly { name: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    name: "Everywhere",
    keys: [
      ["Mod+Enter", "Run the program"],
      ["Mod+Shift+Enter", "Stop it"],
      ["Mod+S", "Is it saved? (It always is.)"],
      ["?", "This list, outside of the text"],
    ],
  },
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
      ["Shift+Alt+F", "Format the file, where there is a formatter"],
      ["Mod+D", "Select the next occurrence"],
      ["Alt+↑  Alt+↓", "Move the line"],
      ["Tab", "Indent"],
      ["Esc, Tab", "Leave the editor"],
    ],
  },
];

/** The list of shortcuts. */
export function Help({ onClose }: { readonly onClose: () => void }): ReactNode {
  return (
    <Dialog title="Keyboard shortcuts" wide onClose={onClose}>
      <div className="help">
        {groups.map(({ name, keys }) => (
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
        <Button onPress={onClose}>Close</Button>
      </div>
    </Dialog>
  );
}
