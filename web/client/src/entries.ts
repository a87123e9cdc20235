import type { ChangeSet } from "@codemirror/state";
import { bytesOf, changesJSON, insertedText, sizeOf } from "./changes";
import type * as wire from "./wire.gen";

/** What a user may ask for besides edits. */
export type CommandBody = wire.CreateBody | wire.RenameBody | wire.DeleteBody | wire.LanguageBody | wire.TitleBody | wire.SettingsBody | wire.RunBody | wire.ChatBody | wire.HintsBody;

/** Edits that go to the server together: for each file one change set, on the text that the earlier entries leave. */
export type EditGroup = {
  readonly kind: "edit";
  readonly edits: Map<string, ChangeSet>;
  /** About its size in a message, in bytes. */
  bytes: number;
};

/** A command; it waits for its turn among the edits. */
export type Command = { readonly kind: "command"; readonly body: CommandBody };

/** One thing that the server has not confirmed. */
export type Entry = EditGroup | Command;

/** A group of edits, its size counted. */
export function groupOf(edits: Map<string, ChangeSet>): EditGroup {
  let bytes = 0;
  for (const [file, changes] of edits) bytes += bytesOf(changes) + file.length + 32;
  return { kind: "edit", edits, bytes };
}

/** The body of the batch that asks for an entry. */
export function bodyOf(entry: Entry): wire.EditBody | CommandBody {
  if (entry.kind === "command") return entry.body;
  return {
    kind: "edit",
    edits: Array.from(entry.edits, ([file, changes]) => ({ file, changes: changesJSON(changes) })),
  };
}

/** Units inserted and deleted by an entry; of a command only the text of a new file counts. */
export function charactersOf(entry: Entry): number {
  if (entry.kind === "command") return entry.body.kind === "create" ? entry.body.text.length : 0;
  let n = 0;
  for (const changes of entry.edits.values()) n += sizeOf(changes);
  return n;
}

/**
 * Adds a local edit to the end of the entries: into the last one if that is a group of edits that is not in flight and
 * stays below `most` bytes, else as a new group.
 */
export function addEdit(entries: Entry[], file: string, changes: ChangeSet, inFlight: boolean, most: number): void {
  const last = entries.at(-1);
  const bytes = bytesOf(changes) + file.length + 32;
  if (last?.kind !== "edit" || (inFlight && entries.length === 1) || !hasRoom(last, bytes, most)) {
    entries.push({ kind: "edit", edits: new Map([[file, changes]]), bytes });
    return;
  }
  const before = last.edits.get(file);
  const both = before === undefined ? changes : before.compose(changes);
  last.bytes += bytes;
  if (both.empty) last.edits.delete(file);
  else last.edits.set(file, both);
  if (last.edits.size === 0) entries.pop();
}

function hasRoom(group: EditGroup, bytes: number, most: number): boolean {
  if (group.bytes + bytes <= most) return true;
  // The sum only grows, also where edits undo each other: look again before giving up.
  group.bytes = groupOf(group.edits).bytes;
  return group.bytes + bytes <= most;
}

/**
 * Maps a file's edits in the entries from `start` on over a change that happened before them, and gives that change
 * mapped over all of them. localFirst tells whether, at a tie, the entry at an index goes first.
 */
export function rebase(
  entries: readonly Entry[],
  start: number,
  file: string,
  change: ChangeSet,
  localFirst: (index: number) => boolean,
): ChangeSet {
  for (let i = start; i < entries.length; i++) {
    const entry = entries[i];
    if (entry?.kind !== "edit") continue;
    const local = entry.edits.get(file);
    if (local === undefined) continue;
    const first = localFirst(i);
    entry.edits.set(file, local.map(change, first));
    change = change.map(local, !first);
  }
  return change;
}

/** Everything that the entries do to one file, or undefined when they do nothing to it. */
export function composed(entries: readonly Entry[], file: string): ChangeSet | undefined {
  let all: ChangeSet | undefined;
  for (const entry of entries) {
    const changes = entry.kind === "edit" ? entry.edits.get(file) : undefined;
    if (changes !== undefined) all = all === undefined ? changes : all.compose(changes);
  }
  return all;
}

/**
 * Takes a file's edits out of the entries, and groups that are empty then, except a first one that is in flight.
 * The answer is the text that they had inserted.
 */
export function removeFile(entries: Entry[], file: string, inFlight: boolean): string {
  const all = composed(entries, file);
  if (all === undefined) return "";
  for (let i = entries.length - 1; i >= 0; i--) {
    const entry = entries[i];
    if (entry?.kind !== "edit" || !entry.edits.delete(file)) continue;
    if (entry.edits.size === 0 && !(inFlight && i === 0)) entries.splice(i, 1);
  }
  return insertedText(all);
}
