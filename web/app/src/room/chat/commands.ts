import { copyText } from "../../lib/clipboard";
import { words } from "../../words";
import type { Command } from "../commands/command";
import type { RoomSession } from "../session";

/** What can be done about the chat. */
export const chatCommands: readonly Command[] = [
  { id: "chat.open", group: "people", title: (w) => w.chat.commands.open, keys: "Shift+Alt+C", run: (session) => session.chat.open() },
  { id: "chat.mention", group: "people", title: (w) => w.chat.commands.mention, when: hasLine, run: (session) => session.chat.mention(lineOf(session)) },
  { id: "chat.link", group: "editing", title: (w) => w.chat.commands.link, when: hasLine, run: (session) => void copyLink(session) },
];

function hasLine(session: RoomSession): boolean {
  return lineOf(session) !== "";
}

/** The line of the caret as it is written in a message, "main.py:12"; empty when there is no file. */
function lineOf(session: RoomSession): string {
  const shown = session.file.get();
  const file = session.client.view().files.find(({ id }) => id === shown);
  return file === undefined ? "" : `${file.name}:${session.editor.place.get().line}`;
}

async function copyLink(session: RoomSession): Promise<void> {
  const { chat } = words.get();
  const line = lineOf(session);
  if (await copyText(line)) session.notes.info(chat.linkCopied(line));
  else session.notes.error(chat.copyRefused);
}
