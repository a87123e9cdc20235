import type { ChangeSet } from "@codemirror/state";
import type { Replica } from "./replica";
import type { Peer } from "./types";
import { toRole, type Role } from "./members";
import type * as wire from "./wire.gen";

type Caret = { readonly file: string | undefined; readonly anchor: number; readonly head: number };
type Sent = Caret & { readonly away: boolean; readonly top: number };

const nowhere: Caret = { file: undefined, anchor: 0, head: 0 };

/**
 * Who is where. Other people's carets are kept in the coordinates of the committed text and moved by every event, as
 * the server does; one's own is kept in local coordinates, and what the server believes of it beside that.
 */
export class Presence {
  private readonly peers = new Map<string, wire.Peer>();
  private readonly views = new Map<string, Peer>();
  private cached: readonly Peer[] | undefined = [];
  private caret = nowhere;
  private away = false;
  private top = 0;
  private sent: Sent | undefined;
  private session = "";

  /** A connection has begun, whose name is session; the server knows nothing of the caret yet. */
  joined(session: string): void {
    this.session = session;
    this.sent = undefined;
    this.cached = undefined;
  }

  /** The server tells who is where. */
  message(message: wire.PresenceMessage): void {
    if (message.all === true) this.peers.clear();
    for (const session of message.left ?? []) this.peers.delete(session);
    for (const peer of message.people ?? []) this.peers.set(peer.session, peer);
    this.cached = undefined;
  }

  /** The committed text of a file has changed: carets in it move. A client's own insertion takes its caret along. */
  committed(file: string, changes: ChangeSet, client: string | undefined, me: string): void {
    for (const [session, peer] of this.peers) {
      if (peer.file === file) this.peers.set(session, { ...peer, ...move(peer, changes, peer.client === client ? 1 : -1) });
    }
    if (this.sent?.file === file) this.sent = { ...this.sent, ...move(this.sent, changes, client === me ? 1 : -1) };
    this.cached = undefined;
  }

  /** A file is deleted: whoever was in it is nowhere, which the server knows, too. */
  deleted(file: string): void {
    for (const [session, peer] of this.peers) {
      if (peer.file !== file) continue;
      const { file: _, ...rest } = peer;
      this.peers.set(session, { ...rest, anchor: 0, head: 0 });
    }
    if (this.sent?.file === file) this.sent = { ...nowhere, away: this.sent.away, top: this.sent.top };
    if (this.caret.file === file) this.caret = nowhere;
    this.cached = undefined;
  }

  /** The local text of a file has changed, and not by its user: the caret moves. */
  delivered(file: string, changes: ChangeSet): void {
    if (this.caret.file === file) this.caret = { file, ...move(this.caret, changes, -1) };
    this.cached = undefined;
  }

  /** The local text has changed by its user: the caret goes along, and others' carets are shown elsewhere. */
  edited(file: string, changes: ChangeSet): void {
    if (this.caret.file === file) this.caret = { file, ...move(this.caret, changes, 1) };
    this.cached = undefined;
  }

  /** The user's caret, in local coordinates. */
  setCaret(file: string | undefined, anchor: number, head: number): void {
    this.caret = file === undefined ? nowhere : { file, anchor, head };
  }

  /** Whether the user is away. */
  setAway(away: boolean): void {
    this.away = away;
  }

  /** The first line that the user sees, from 1. */
  setTop(line: number): void {
    this.top = line;
  }

  /** What to tell the server, or undefined when it knows. The caller sends it at once. */
  next(replica: Replica): wire.SetPresenceMessage | undefined {
    const { file } = this.caret;
    const caret: Caret =
      file === undefined || !replica.committed.files.has(file)
        ? nowhere
        : { file, anchor: toCommitted(replica, file, this.caret.anchor), head: toCommitted(replica, file, this.caret.head) };
    const before = this.sent ?? { ...nowhere, away: false, top: 0 };
    if (before.file === caret.file && before.anchor === caret.anchor && before.head === caret.head && before.away === this.away && before.top === this.top) {
      return undefined;
    }
    this.sent = { ...caret, away: this.away, top: this.top };
    return {
      t: "presence",
      version: replica.version,
      ...(caret.file === undefined ? {} : { file: caret.file }),
      anchor: caret.anchor,
      head: caret.head,
      ...(this.away ? { away: true } : {}),
      ...(this.top > 0 ? { top: this.top } : {}),
    };
  }

  /** Everybody, with carets in local coordinates; objects and the array stay the same while nothing changes. */
  list(replica: Replica): readonly Peer[] {
    if (this.cached !== undefined) return this.cached;
    for (const session of this.views.keys()) if (!this.peers.has(session)) this.views.delete(session);
    this.cached = Array.from(this.peers.values(), (peer) => {
      const { session, client, person, name, color, file } = peer;
      const view: Peer = {
        session,
        client,
        person,
        name,
        color,
        ...(file === undefined || file === "" ? {} : { file }),
        anchor: file === undefined ? 0 : toLocal(replica, file, peer.anchor),
        head: file === undefined ? 0 : toLocal(replica, file, peer.head),
        away: peer.away === true,
        ...(peer.verified === true ? { verified: true } : {}),
        ...rolePart(peer.role),
        ...(peer.top === undefined || peer.top < 1 ? {} : { top: peer.top }),
        me: session === this.session,
      };
      const before = this.views.get(session);
      if (before !== undefined && samePeer(before, view)) return before;
      this.views.set(session, view);
      return view;
    });
    return this.cached;
  }
}

function move(at: { anchor: number; head: number }, changes: ChangeSet, assoc: number): { anchor: number; head: number } {
  const to = (pos: number): number => changes.mapPos(Math.min(pos, changes.length), assoc);
  return { anchor: to(at.anchor), head: to(at.head) };
}

function toCommitted(replica: Replica, file: string, pos: number): number {
  for (let i = replica.entries.length - 1; i >= 0; i--) {
    const entry = replica.entries[i];
    const changes = entry?.kind === "edit" ? entry.edits.get(file) : undefined;
    if (changes !== undefined) pos = changes.invertedDesc.mapPos(Math.min(pos, changes.newLength), -1);
  }
  return Math.min(pos, replica.committed.files.get(file)?.text.length ?? 0);
}

function toLocal(replica: Replica, file: string, pos: number): number {
  for (const entry of replica.entries) {
    const changes = entry.kind === "edit" ? entry.edits.get(file) : undefined;
    if (changes !== undefined) pos = changes.mapPos(Math.min(pos, changes.length), -1);
  }
  return Math.min(pos, replica.texts.get(file)?.length ?? 0);
}

function samePeer(a: Peer, b: Peer): boolean {
  return (
    a.client === b.client &&
    a.person === b.person &&
    a.name === b.name &&
    a.color === b.color &&
    a.file === b.file &&
    a.anchor === b.anchor &&
    a.head === b.head &&
    a.away === b.away &&
    a.top === b.top &&
    a.verified === b.verified &&
    a.role === b.role &&
    a.me === b.me
  );
}

function rolePart(role: string | undefined): { readonly role?: Role } {
  const known = toRole(role);
  return known === undefined ? {} : { role: known };
}
