import { chat } from "./chat";
import { door } from "./door";
import { editor } from "./editor";
import { files } from "./files";
import { frame } from "./frame";
import { hints } from "./hints";
import { history } from "./history";
import { people } from "./people";
import { preview } from "./preview";
import { run } from "./run";
import { settings } from "./settings";
import { start } from "./start";
import { status } from "./status";

/** The English words. The other languages have the same shape, so none can lack one. */
export const en = { chat, door, editor, files, frame, hints, history, people, preview, run, settings, start, status };
