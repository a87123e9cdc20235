import { isMac } from "../../lib/platform";
import type { Command } from "../commands/command";
import type { RoomSession } from "../session";
import type { actions } from "./actions";
import { prefer, preferences, resizeText } from "./preferences";

type Action = keyof typeof actions;

/** The editor's own actions; their keys are CodeMirror's, and Vim and Emacs have others for them. */
const keys: readonly (readonly [Action, string?])[] = [
  ["find", "Mod+F"],
  ["undo", "Mod+Z"],
  ["redo", isMac ? "Mod+Shift+Z" : "Mod+Y"],
  ["comment", "Mod+/"],
  ["blockComment", "Shift+Alt+A"],
  ["indentMore", "Tab"],
  ["indentLess", "Shift+Tab"],
  ["lineUp", "Alt+↑"],
  ["lineDown", "Alt+↓"],
  ["copyLine", "Shift+Alt+↓"],
  ["deleteLine", "Mod+Shift+K"],
  ["nextMatch", "Mod+D"],
  ["allMatches", "Mod+Shift+L"],
  ["caretAbove", "Mod+Alt+↑"],
  ["caretBelow", "Mod+Alt+↓"],
  ["foldOne", isMac ? "Mod+Alt+[" : "Ctrl+Shift+["],
  ["unfoldOne", isMac ? "Mod+Alt+]" : "Ctrl+Shift+]"],
  ["foldAll", "Ctrl+Alt+["],
  ["unfoldAll", "Ctrl+Alt+]"],
  ["line", "Mod+Alt+G"],
];

const hasFile = ({ file }: RoomSession): boolean => file.get() !== undefined;

function act(action: Action): (session: RoomSession) => void {
  return (session) => void import("./actions").then((m) => session.editor.exec(m.actions[action]), () => undefined);
}

/** What can be done in a text, and how the editor looks. */
export const editorCommands: readonly Command[] = [
  ...keys.map(
    ([action, key]): Command => ({
      id: `editor.${action}`,
      group: "editing",
      title: (w) => w.editor.commands[action],
      ...(key === undefined ? {} : { keys: key, elsewhere: true }),
      when: hasFile,
      run: act(action),
    }),
  ),
  { id: "editor.leave", group: "editing", title: (w) => w.editor.commands.leave, keys: "Esc, Tab", elsewhere: true, when: () => false, run: () => undefined },
  { id: "editor.settings", group: "view", title: (w) => w.editor.commands.settings, run: ({ editor }) => editor.settingsShown.set(true) },
  { id: "editor.wrap", group: "view", title: (w) => w.editor.commands.wrap, keys: "Alt+Z", run: () => prefer({ wrap: !preferences.get().wrap }) },
  { id: "editor.larger", group: "view", title: (w) => w.editor.commands.larger, run: () => resizeText(1) },
  { id: "editor.smaller", group: "view", title: (w) => w.editor.commands.smaller, run: () => resizeText(-1) },
];
