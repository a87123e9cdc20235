import type { Peer, RoomView } from "@codecollab/client";
import { Store } from "../../lib/store";
import { words } from "../../words";

/** How long a line is shown, and how long nothing else is said, in milliseconds. */
const shown = 4500;
const pause = 3000;
const editingPause = 20_000;

/**
 * What others do, in quiet lines: who has come and gone, who is editing where. It says one thing at a time, and not
 * often, so that a screen reader can follow.
 */
export class Activity {
  readonly line = new Store("");
  private before: ReadonlyMap<string, Peer> | undefined;
  private waiting: string[] = [];
  private busy = false;
  private saidEditing = 0;
  private clear: ReturnType<typeof setTimeout> | undefined;

  /** lineOf gives the line that a position of a file is in. */
  constructor(private readonly lineOf: (file: string, position: number) => number) {}

  /** Compares the room with how it was. */
  see(view: RoomView): void {
    if (view.connection !== "online" || view.session === undefined) return;
    const now = new Map(view.peers.filter((p) => !p.me).map((p) => [p.session, p]));
    const { before } = this;
    this.before = now;
    if (before === undefined) return;
    for (const [session, peer] of now) {
      const old = before.get(session);
      if (old === undefined) {
        if (!has(before, peer.person)) this.say(words.get().people.activity.joined(peer.name));
      } else if (old.name !== peer.name) this.say(words.get().people.activity.renamed(old.name, peer.name));
      else this.editing(view, old, peer);
    }
    for (const [session, peer] of before) {
      if (!now.has(session) && !has(now, peer.person)) this.say(words.get().people.activity.left(peer.name));
    }
  }

  private editing(view: RoomView, old: Peer, peer: Peer): void {
    if (peer.file === undefined || (old.file === peer.file && old.head === peer.head)) return;
    if (Date.now() - this.saidEditing < editingPause || this.busy) return;
    const name = view.files.find(({ id }) => id === peer.file)?.name;
    if (name === undefined) return;
    this.saidEditing = Date.now();
    this.say(words.get().people.activity.editing(peer.name, name, this.lineOf(peer.file, peer.head)));
  }

  private say(text: string): void {
    // Many at once become a number: nobody listens to a list.
    if (this.waiting.length >= 3) this.waiting = [words.get().people.activity.many(this.waiting.length + 1)];
    else this.waiting.push(text);
    this.next();
  }

  private next(): void {
    if (this.busy) return;
    const text = this.waiting.shift();
    if (text === undefined) return;
    this.busy = true;
    this.line.set(text);
    clearTimeout(this.clear);
    this.clear = setTimeout(() => this.line.set(""), shown);
    setTimeout(() => {
      this.busy = false;
      this.next();
    }, pause);
  }
}

function has(peers: ReadonlyMap<string, Peer>, person: string): boolean {
  for (const peer of peers.values()) {
    if (peer.person === person) return true;
  }
  return false;
}
