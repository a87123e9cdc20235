import type { Command } from "../commands/command";

/** What can be done about the history. */
export const historyCommands: readonly Command[] = [
  {
    id: "history.open",
    group: "view",
    title: (w) => w.history.commands.open,
    keys: "Mod+Alt+H",
    run: ({ layout }) => layout.showMain(layout.main.get() === "history" ? undefined : "history"),
  },
  {
    id: "history.play",
    group: "view",
    title: (w) => w.history.commands.play,
    when: ({ history }) => history.get() !== undefined,
    run: ({ history }) => history.get()?.player.toggle(),
  },
  {
    id: "history.diff",
    group: "view",
    title: (w) => w.history.commands.diff,
    when: ({ history }) => history.get() !== undefined,
    run: ({ history }) => history.get()?.mode.set("diff"),
  },
  {
    id: "history.restore",
    group: "files",
    title: (w) => w.history.commands.restore,
    when: ({ history }) => history.get() !== undefined,
    run: ({ history }) => void history.get()?.restore(),
  },
  {
    id: "history.blame",
    group: "editing",
    title: (w) => w.history.commands.blame,
    keys: "Mod+Alt+B",
    run: (session) => void import("./blame").then(({ tellLine }) => tellLine(session)),
  },
];
