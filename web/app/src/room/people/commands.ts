import { words } from "../../words";
import type { Command } from "../commands/command";
import type { RoomSession } from "../session";

function lock(session: RoomSession, locked: boolean): void {
  void import("./powers")
    .then(({ setLock }) => setLock(session.room, locked))
    .catch((error: unknown) => session.notes.error(error instanceof Error ? error.message : words.get().people.share.failed));
}

/** What can be done with people and links. */
export const peopleCommands: readonly Command[] = [
  { id: "people.share", group: "people", title: (w) => w.people.commands.share, run: ({ people }) => people.asking.set({ kind: "share" }) },
  {
    id: "people.bring",
    group: "people",
    title: (w) => w.people.bring.action,
    when: ({ client }) => ["owner", "editor"].includes(client.view().role ?? ""),
    run: ({ client, notes }) => {
      client.bring();
      notes.info(words.get().people.bring.done);
    },
  },
  {
    id: "people.unfollow",
    group: "people",
    title: (w) => w.people.commands.unfollow,
    keys: "Escape",
    elsewhere: true,
    when: ({ people }) => people.following.get() !== undefined,
    run: ({ people }) => people.release(),
  },
  {
    id: "people.lock",
    group: "people",
    title: (w) => w.people.commands.lock,
    when: ({ client }) => client.view().role === "owner" && !client.view().locked,
    run: (session) => lock(session, true),
  },
  {
    id: "people.unlock",
    group: "people",
    title: (w) => w.people.commands.unlock,
    when: ({ client }) => client.view().role === "owner" && client.view().locked,
    run: (session) => lock(session, false),
  },
];
