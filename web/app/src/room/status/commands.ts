import type { Command } from "../commands/command";

/** What can be done about saving, which is nothing. */
export const statusCommands: readonly Command[] = [
  { id: "status.saved", group: "everywhere", title: (w) => w.status.commands.saved, keys: "Mod+S", run: (session) => session.saved() },
];
