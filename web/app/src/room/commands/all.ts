import { doorCommands } from "../../door/commands";
import { chatCommands } from "../chat/commands";
import { editorCommands } from "../editor/commands";
import { fileCommands } from "../files/commands";
import { hintCommands } from "../hints/commands";
import { historyCommands } from "../history/commands";
import { previewCommands } from "../preview/commands";
import { runCommands } from "../output/commands";
import { peopleCommands } from "../people/commands";
import { statusCommands } from "../status/commands";
import { voiceCommands } from "../voice/commands";
import type { Command } from "./command";
import { frameCommands } from "./frame";

/** Every action of the room page. Each area lists its own. */
export const commands: readonly Command[] = [
  ...runCommands,
  ...fileCommands,
  ...editorCommands,
  ...chatCommands,
  ...previewCommands,
  ...peopleCommands,
  ...voiceCommands,
  ...historyCommands,
  ...hintCommands,
  ...statusCommands,
  ...doorCommands,
  ...frameCommands,
];
