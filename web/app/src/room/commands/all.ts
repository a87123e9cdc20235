import type { Words } from "../../words";
import { runCommands } from "../output/commands";
import { statusCommands } from "../status/commands";
import type { Command } from "./command";

const frameCommands: readonly Command[] = [
  { id: "frame.shortcuts", group: "everywhere", title: (w: Words) => w.frame.shortcuts, keys: "?", run: (session) => session.help.set(true) },
];

/** Every action of the room page. Each area lists its own. */
export const commands: readonly Command[] = [...runCommands, ...statusCommands, ...frameCommands];
