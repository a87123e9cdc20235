import { insertedText, parseChanges } from "./changes";
import { parseEdits } from "./committed";
import { bodyOf, groupOf, type Entry } from "./entries";
import type { Saved, SavedEntry } from "./outbox";
import { isId } from "./random";
import type { Replica } from "./replica";
import type { Recovered } from "./types";

/**
 * A replica as plain data for an outbox. freshBase asks for a new snapshot to start from; without it, the events since
 * the last one are kept beside it.
 */
export function toSaved(replica: Replica, recovered: readonly Recovered[], at: number, freshBase: boolean): Saved {
  if (replica.base === undefined || (freshBase && replica.journal.length > 0)) {
    replica.base = replica.committed.snapshot();
    replica.journal = [];
  }
  return {
    format: 1,
    client: replica.client,
    at,
    seq: replica.seq,
    base: replica.base,
    events: [...replica.journal],
    entries: replica.entries.map(toSavedEntry),
    ...(replica.inFlight === undefined ? {} : { inFlight: replica.inFlight }),
    recovered,
  };
}

/**
 * Fills an empty replica from stored data; what it has already (files created before) stays behind that.
 * Throws when the data is damaged, in whatever way, and then the replica is as it was.
 */
export function restore(replica: Replica, saved: Saved): void {
  const early = replica.entries;
  const { client, seq } = replica;
  try {
    fill(replica, saved);
    replica.entries.push(...early);
    replica.rebuild();
  } catch (error) {
    replica.useClient(client);
    replica.committed.load({ version: 0, language: "", files: [], people: [], runs: [] });
    replica.entries = early;
    replica.seq = seq;
    replica.base = undefined;
    replica.journal = [];
    replica.inFlight = undefined;
    replica.rebuild();
    throw error;
  }
}

function fill(replica: Replica, saved: Saved): void {
  if (saved.format !== 1 || !isId(saved.client) || !Number.isSafeInteger(saved.seq) || saved.seq < 0) {
    throw new TypeError("a saved room of an unknown format");
  }
  if (!Number.isSafeInteger(saved.base.version) || !Array.isArray(saved.recovered)) throw new TypeError("a damaged saved room");
  replica.useClient(saved.client);
  replica.seq = saved.seq;
  replica.committed.load(saved.base);
  for (const event of saved.events) {
    if (event.version !== replica.version + 1) throw new RangeError("a saved room with a gap");
    replica.committed.apply(event);
  }
  replica.base = saved.base;
  replica.journal = [...saved.events];
  replica.entries = saved.entries.map(fromSavedEntry);
  const flight = saved.inFlight;
  if (flight === undefined) return;
  if (replica.entries.length === 0 || (flight.seq > saved.seq && flight.client === saved.client)) {
    throw new TypeError("a saved batch in flight without its entry");
  }
  replica.inFlight = flight;
}

/** What can still be read of the text that a damaged state holds; it never throws. */
export function salvage(saved: unknown): string {
  const pieces: string[] = [];
  const entries: unknown = isObject(saved) ? saved["entries"] : undefined;
  for (const entry of Array.isArray(entries) ? (entries as unknown[]) : []) {
    const edits: unknown = isObject(entry) ? entry["edits"] : undefined;
    for (const edit of Array.isArray(edits) ? (edits as unknown[]) : []) {
      try {
        if (isObject(edit)) pieces.push(insertedText(parseChanges(edit["changes"] as never)));
      } catch {
        // this piece is beyond help; the next may be well
      }
    }
  }
  return pieces.filter((s) => s !== "").join("\n");
}

function isObject(v: unknown): v is Record<string, unknown> {
  return typeof v === "object" && v !== null;
}

function toSavedEntry(entry: Entry): SavedEntry {
  const body = bodyOf(entry);
  return body.kind === "edit" ? { edits: body.edits } : { command: body };
}

function fromSavedEntry(saved: SavedEntry): Entry {
  if ("command" in saved) return { kind: "command", body: saved.command };
  return groupOf(parseEdits(saved.edits));
}
