import type { Command } from "../commands/command";
import type { RoomSession } from "../session";
import type { AskKind } from "./door";

const on = (session: RoomSession): boolean => session.client.view().hints?.on === true;
const ask = (kind: AskKind) => (session: RoomSession): void => session.hints.ask({ kind });

/** What can be asked. */
export const hintCommands: readonly Command[] = [
  { id: "hints.open", group: "running", title: (w) => w.hints.open, run: (session) => session.hints.open() },
  { id: "hints.hint", group: "running", title: (w) => w.hints.hint, keys: "Shift+Alt+H", when: on, run: ask("hint") },
  { id: "hints.error", group: "running", title: (w) => w.hints.error, when: on, run: ask("error") },
  { id: "hints.explain", group: "running", title: (w) => w.hints.explain, when: on, run: ask("explain") },
  { id: "hints.review", group: "running", title: (w) => w.hints.review, when: on, run: ask("review") },
];
