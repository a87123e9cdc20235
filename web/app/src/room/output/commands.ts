import type { Command } from "../commands/command";

/** What can be done about programs. */
export const runCommands: readonly Command[] = [
  { id: "run.run", group: "running", title: (w) => w.run.commands.run, keys: "Mod+Enter", run: (session) => session.run() },
  { id: "run.stop", group: "running", title: (w) => w.run.commands.stop, keys: "Mod+Shift+Enter", run: (session) => session.stop() },
  {
    id: "run.format",
    group: "editing",
    title: (w) => w.run.commands.format,
    keys: "Shift+Alt+F",
    run: (session) => void session.formatting.format(session.file.get()),
  },
];
