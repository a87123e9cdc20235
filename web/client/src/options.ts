import type { Clock } from "./clock";
import type { Probe } from "./connection";
import type { Outbox } from "./outbox";
import type { Phrases } from "./phrases";
import type { Connect, Report } from "./types";

/** What a RoomClient is made from. */
export interface RoomOptions {
  readonly room: string;
  /** The key of the link that the user came by; not needed by those who are members already. */
  readonly key?: string;
  readonly connect: Connect;
  readonly outbox: Outbox;
  /** The user's name. */
  readonly name: string;
  /** An index into the palette, 0 to 11. */
  readonly color: number;
  /** The id of this tab, [a-z0-9]{8,32}. Without it, see acquireClientId. */
  readonly clientId?: string;
  /**
   * Decides, once at the start, which client id this tab has: that of a tab that is gone, whose unsent edits it adopts,
   * or a new one (undefined). It must hold a lock that no other tab gets for the same id while this one lives: in a page
   * `navigator.locks.request(name, {ifAvailable: true}, …)` for each id that the outbox knows, until one is granted.
   * Without it and without clientId, the outbox decides by what load(room) gives.
   */
  readonly acquireClientId?: (room: string) => Promise<string | undefined>;
  /** The client id in use, at the start and whenever it had to be changed (it belonged to somebody else): lock that one. */
  readonly onClientId?: (client: string) => void;
  /** Tells the room's HTTP status after a connection that would not open; see httpProbe. */
  readonly probe?: Probe;
  /** What the client says by itself, in the user's language; asked each time. English without it. */
  readonly phrases?: () => Phrases;
  readonly clock?: Clock;
  /** A number in [0, 1). */
  readonly random?: () => number;
  /** Somebody asks everybody to come to where they are: the session as in Peer. */
  readonly onBring?: (session: string) => void;
  /** Told of what should not happen; for a log, not for the user. */
  readonly onReport?: (report: Report) => void;
}
