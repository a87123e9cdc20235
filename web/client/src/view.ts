import type { Replica } from "./replica";
import type { ClientFile, ConnectionState, PersonView, SaveState } from "./types";

/** Where the user's text is: always the truth. */
export function saveState(replica: Replica, connection: ConnectionState, readOnly: string | undefined): SaveState {
  const characters = replica.characters();
  if (connection !== "online") return { kind: "offline", characters };
  if (readOnly !== undefined) return { kind: "read-only", characters, reason: readOnly };
  if (replica.entries.length > 0) return { kind: "sending", characters };
  return { kind: "saved", version: replica.version };
}

/** The files, those that wait to be created last. The array and its objects are those of before where nothing changed. */
export function filesOf(replica: Replica, before: readonly ClientFile[]): readonly ClientFile[] {
  const files: ClientFile[] = Array.from(replica.committed.files.values(), ({ id, name }) => ({ id, name }));
  for (const entry of replica.entries) {
    if (entry.kind !== "command" || entry.body.kind !== "create") continue;
    const { file, name } = entry.body;
    if (!replica.committed.files.has(file)) files.push({ id: file, name, pending: true });
  }
  return keep(before, files, (a, b) => a.id === b.id && a.name === b.name && a.pending === b.pending);
}

/** Everybody who has been here; the array is that of before where nothing changed. */
export function peopleOf(replica: Replica, before: readonly PersonView[]): readonly PersonView[] {
  return keep(before, [...replica.committed.people.values()], (a, b) => a === b);
}

/** What the user has said and the server has not confirmed. */
export function chatWaiting(replica: Replica): string[] {
  return replica.entries.flatMap((entry) => (entry.kind === "command" && entry.body.kind === "chat" ? [entry.body.text] : []));
}

/** The same objects, and the same array, where old and new are the same. */
export function keep<T>(before: readonly T[], now: readonly T[], same: (a: T, b: T) => boolean): readonly T[] {
  let all = before.length === now.length;
  const out = now.map((item, i) => {
    const old = before[i];
    if (old !== undefined && same(old, item)) return old;
    all = false;
    return item;
  });
  return all ? before : out;
}
