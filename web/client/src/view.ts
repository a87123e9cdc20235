import { insertedText } from "./changes";
import { composed } from "./entries";
import type { Replica } from "./replica";
import type { ClientFile, ConnectionState, PersonView, Recovered, SaveState, Unsent } from "./types";

/** Where the user's text is: always the truth. lasting tells whether the outbox takes it. */
export function saveState(replica: Replica, connection: ConnectionState, readOnly: string | undefined, lasting: boolean): SaveState {
  const commands = replica.entries.filter(({ kind }) => kind === "command").length;
  const unsent: Unsent = {
    characters: replica.characters(),
    ...(commands === 0 ? {} : { commands }),
    ...(lasting || replica.entries.length === 0 ? {} : { fleeting: true }),
  };
  if (connection !== "online") return { kind: "offline", ...unsent };
  if (readOnly !== undefined) return { kind: "read-only", reason: readOnly, ...unsent };
  if (replica.entries.length > 0) return { kind: "sending", ...unsent };
  return { kind: "saved", version: replica.version };
}

/** What was inserted into each file and is not confirmed. */
export function unsentTexts(replica: Replica): readonly Pick<Recovered, "name" | "text">[] {
  const texts: Pick<Recovered, "name" | "text">[] = [];
  for (const [file, text] of replica.texts) {
    const known = replica.committed.files.has(file);
    const changes = composed(replica.entries, file);
    const inserted = known ? (changes === undefined ? "" : insertedText(changes)) : text.toString();
    if (inserted !== "") texts.push({ name: replica.nameOf(file), text: inserted });
  }
  return texts;
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
