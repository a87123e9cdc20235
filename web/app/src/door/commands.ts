import type { Command } from "../room/commands/command";
import { signInPath } from "../lib/back";
import { account, signOut } from "../lib/me";
import { go } from "../lib/route";
import { words } from "../words";

const signedIn = (): boolean => account.get() !== undefined;

/** What can be done about who is signed in, from within a room. */
export const doorCommands: readonly Command[] = [
  { id: "door.signIn", group: "people", title: (w) => w.door.signIn, when: () => !signedIn(), run: () => go(signInPath()) },
  { id: "door.account", group: "people", title: (w) => w.door.menu, when: signedIn, run: () => go("/account") },
  { id: "door.orgs", group: "people", title: (w) => w.door.orgs, when: signedIn, run: () => go("/orgs") },
  {
    id: "door.signOut",
    group: "people",
    title: (w) => w.door.signOut,
    when: signedIn,
    run: ({ notes }) => void signOut().then(() => go("/"), () => notes.error(words.get().door.signOutFailed)),
  },
];
