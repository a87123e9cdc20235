import type { CommandBody } from "./entries";
import type { LogEvent } from "./committed";
import type { InFlight } from "./outcome";
import type { Recovered } from "./types";
import type * as wire from "./wire.gen";

/** An entry as it is stored: a command, or edits by file. */
export type SavedEntry = { readonly command: CommandBody } | { readonly edits: readonly wire.FileEdit[] };

/**
 * What is kept of a room and one client id: plain data, for JSON or a structured clone. It is whole in itself: base and
 * the events after it give the committed state, and the entries speak of that.
 *
 * base may be large and changes seldom: from one save to the next it is the same object as long as it has not changed,
 * so that a store may keep it apart and write it only when it is another one (it must then write both together or
 * neither).
 */
export type Saved = {
  /** The version of this format. */
  readonly format: 1;
  readonly client: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** The last batch number used. */
  readonly seq: number;
  readonly base: wire.State;
  readonly events: readonly LogEvent[];
  readonly entries: readonly SavedEntry[];
  readonly inFlight?: InFlight;
  readonly recovered: readonly Recovered[];
};

/** Whether something in a saved state is nowhere else: edits that are not confirmed, or recovered text. */
export function hasUnsent(saved: Saved): boolean {
  return saved.entries.length > 0 || saved.recovered.length > 0;
}

/**
 * Where unsent edits are kept until they are confirmed, by room and client id. A client saves before it sends, so a
 * save should resolve when the data would survive the end of the process. Any method may reject; the client reports it
 * and goes on.
 */
export interface Outbox {
  /** False when it ends with the process, where nothing better is to be had. */
  readonly lasting?: boolean;
  /** The state of one client id; without one, that of any client id of the room that nobody uses. */
  load(room: string, client?: string): Promise<Saved | undefined>;
  /** Replaces the state of saved.client. It may be called while an earlier save is under way; the later one holds. */
  save(room: string, saved: Saved): Promise<void>;
  /** Forgets the state of one client id; without one, of all that belong to the room. */
  clear(room: string, client?: string): Promise<void>;
}

/**
 * An outbox that lasts as long as the process. It keeps JSON, so that what it gives back shares nothing with the client.
 * Without a client id, load gives the state saved last.
 */
export function memoryOutbox(): Outbox {
  const rooms = new Map<string, Map<string, string>>();
  return {
    lasting: false,
    load(room, client) {
      const clients = rooms.get(room) ?? new Map<string, string>();
      const json = client === undefined ? [...clients.values()].at(-1) : clients.get(client);
      return Promise.resolve(json === undefined ? undefined : (JSON.parse(json) as Saved));
    },
    save(room, saved) {
      const clients = rooms.get(room) ?? new Map<string, string>();
      rooms.set(room, clients);
      clients.delete(saved.client);
      clients.set(saved.client, JSON.stringify(saved));
      return Promise.resolve();
    },
    clear(room, client) {
      if (client === undefined) rooms.delete(room);
      else rooms.get(room)?.delete(client);
      return Promise.resolve();
    },
  };
}
