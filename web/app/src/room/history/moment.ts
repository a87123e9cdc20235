import { Committed, parseEdits, type LogEvent } from "@codecollab/client";
import type { ChangeSet, Text } from "@codemirror/state";
import type { PastState } from "./api";

/** A file as it was. */
export type PastFile = { readonly id: string; readonly name: string; readonly text: Text };

/** A piece of a text that was written a moment before; an empty one is where something was deleted. */
export type Fresh = { readonly file: string; readonly from: number; readonly to: number; readonly by: string };

/** How many edits count as new. */
export const freshEdits = 12;

/** A moment of the room, which can go on by events. */
export class Moment {
  private readonly room = new Committed();
  private recent: { readonly by: string; readonly edits: ReadonlyMap<string, ChangeSet> }[] = [];
  at: number;

  /** before are events that led to it, so that it is known what is new in it. */
  constructor(state: PastState, before: readonly LogEvent[] = []) {
    this.room.load({ ...state, runs: [] });
    this.at = state.at;
    for (const event of before) if (event.version <= state.version) this.note(event);
  }

  get version(): number {
    return this.room.version;
  }

  files(): readonly PastFile[] {
    return [...this.room.files.values()];
  }

  /** The name by which somebody went, and their colour. */
  person(id: string): { readonly name: string; readonly color: number } | undefined {
    return this.room.people.get(id);
  }

  /** Goes on by one event. Events that are not for playing are left out of what the server sends, so versions may jump. */
  apply(event: LogEvent): void {
    const edits = this.note(event);
    this.room.apply(event, edits);
    this.at = event.at;
  }

  /** Goes on to a version after the last event, up to which nothing happened that is played. */
  reach(version: number): void {
    this.room.version = Math.max(this.room.version, version);
  }

  /** What was written last, in the texts as they are, oldest first. */
  fresh(): readonly Fresh[] {
    const out: Fresh[] = [];
    this.recent.forEach(({ by, edits }, i) => {
      for (const [file, changes] of edits) {
        changes.iterChangedRanges((_a, _b, start, end) => {
          let [from, to] = [start, end];
          for (const later of this.recent.slice(i + 1)) {
            const over = later.edits.get(file);
            if (over !== undefined) [from, to] = [over.mapPos(from, 1), Math.max(over.mapPos(from, 1), over.mapPos(to, -1))];
          }
          out.push({ file, from, to, by });
        });
      }
    });
    return out;
  }

  private note({ by, body }: LogEvent): ReadonlyMap<string, ChangeSet> | undefined {
    if (body.kind !== "edit") return undefined;
    const edits = parseEdits(body.edits);
    this.recent = [...this.recent.slice(1 - freshEdits), { by: by ?? "", edits }];
    return edits;
  }
}
