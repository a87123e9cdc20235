import { Timer, type Clock } from "./clock";
import type { CloseInfo, Connect, ConnectionState, Transport } from "./types";

/** The shortest and the longest wait before another try, in milliseconds. */
const shortest = 250;
const longest = 15_000;
/** How long a connection may take until the server has answered the join. */
const openPatience = 10_000;
/** A connection that lasted so long was a good one: the next wait is the shortest again. */
const goodAfter = 5_000;
/** How long a move to another node may take before it is told to anybody. */
const moveWithin = 2_000;
/** The wait before another try while moving: the node may still be asked by whoever shares out connections. */
const moveAgain = 100;
/** How long reconnectNow waits for a sign of life on a connection that looks alive. */
const probePatience = 3_000;

/** The HTTP status of the room, or a rejection when the server cannot be reached. */
export type Probe = (room: string) => Promise<number>;

/** What a connection tells its owner. */
export interface ConnectionOwner {
  /** It is open: say who you are. */
  opened(): void;
  /** A frame has come. */
  frame(text: string): void;
  /** The state or the time of the next try has changed. */
  changed(): void;
  /** There is no such room. */
  missing(): void;
  /** The server does not know any more who this is. */
  signedOut(): void;
}

/** What a connection needs. */
export type ConnectionOptions = {
  readonly room: string;
  readonly connect: Connect;
  readonly clock: Clock;
  readonly random: () => number;
  readonly probe?: Probe | undefined;
  readonly ping: string;
};

/** The wait before try n (from 0), in milliseconds: doubled each time, and up to half of it taken off at random. */
export function backoff(n: number, random: () => number): number {
  return Math.min(longest, shortest * 2 ** Math.min(n, 10)) * (1 - random() / 2);
}

/**
 * Keeps one connection open: tries again for ever, with growing waits, and notices when the other end has gone silent.
 * Frames of an older transport never reach the owner.
 */
export class Connection {
  state: ConnectionState = "offline";
  /** When the next try begins, in milliseconds since the Unix epoch. */
  retryAt: number | undefined = undefined;
  /** Grows with every transport: what was asked on an earlier one is void. */
  epoch = 0;
  private transport: Transport | undefined;
  private tries = 0;
  private onlineSince = 0;
  private heartbeat = 0;
  private lastHeard = 0;
  private lastSaid = 0;
  private answerBy: number | undefined;
  private hint: number | undefined;
  private lastRestart = -Infinity;
  private stopped = true;
  private readonly retry: Timer;
  private readonly watch: Timer;
  private readonly moved: Timer;

  constructor(
    private readonly options: ConnectionOptions,
    private readonly owner: ConnectionOwner,
  ) {
    this.retry = new Timer(options.clock, () => this.open());
    this.watch = new Timer(options.clock, () => this.look());
    this.moved = new Timer(options.clock, () => owner.changed());
  }

  /** Whether it is on its way from one node to another, of which nobody needs to know. */
  get moving(): boolean {
    return this.moved.armed;
  }

  /** The state to show: a short move is none. */
  get shown(): ConnectionState {
    return this.moving ? "online" : this.state;
  }

  /** Begins. */
  start(): void {
    this.stopped = false;
    this.open();
  }

  /** Ends for good. */
  stop(): void {
    this.stopped = true;
    this.retry.cancel();
    this.moved.cancel();
    this.drop();
    this.set("offline", undefined);
  }

  /** Tries at once when waiting; asks for a sign of life when the connection seems to be alive. */
  reconnectNow(): void {
    if (this.stopped) return;
    if (this.state === "offline") {
      this.tries = 0;
      this.open();
    } else if (this.state === "online" && this.options.clock.now() - this.lastHeard > 1000) {
      this.ping(Math.min(probePatience, this.heartbeat));
      this.look();
    }
  }

  /** Gives this transport up and opens another: at once, unless that has just been done. */
  restart(): void {
    if (this.stopped) return;
    const now = this.options.clock.now();
    const soon = now - this.lastRestart < goodAfter;
    this.lastRestart = now;
    this.ended(soon ? undefined : 0);
  }

  /** The server's node is being stopped and others are there: goes to one of them, at once. */
  move(): void {
    if (this.stopped || this.state !== "online") return;
    this.moved.arm(moveWithin);
    this.tries = 0;
    this.open();
  }

  /** The server asks to come back after ms at the earliest, once this connection ends. */
  comeBackAfter(ms: number): void {
    this.hint = Math.max(0, ms) * (1 + this.options.random() / 2);
  }

  /** The server has answered the join; heartbeat is the silence after which to ask for a sign of life, in ms. */
  joined(heartbeat: number): void {
    this.heartbeat = Math.max(heartbeat, 100);
    this.onlineSince = this.options.clock.now();
    this.moved.cancel();
    this.set("online", undefined);
    this.look();
  }

  /** Sends one frame; without a connection it is forgotten. */
  send(frame: string): void {
    if (this.transport === undefined) return;
    this.lastSaid = this.options.clock.now();
    this.transport.send(frame);
  }

  private open(): void {
    this.retry.cancel();
    this.drop();
    const epoch = ++this.epoch;
    const { clock } = this.options;
    const current = (): boolean => epoch === this.epoch && this.transport !== undefined;
    let opened = false;
    this.lastHeard = this.lastSaid = clock.now();
    this.answerBy = undefined;
    this.hint = undefined;
    this.transport = this.options.connect({
      open: () => {
        if (!current()) return;
        opened = true;
        this.owner.opened();
      },
      frame: (text) => {
        if (!current()) return;
        this.lastHeard = clock.now();
        this.answerBy = undefined;
        this.owner.frame(text);
      },
      close: (info) => {
        if (!current()) return;
        this.ended();
        this.explain(info, opened);
      },
    });
    this.set("connecting", undefined);
    this.watch.arm(openPatience);
  }

  /** Tells the owner when a connection failed because there is no such room, or because nobody is signed in any more. */
  private explain(info: CloseInfo, opened: boolean): void {
    if (info.missing === true) {
      this.gone();
      return;
    }
    if (info.code === 401) {
      this.owner.signedOut();
      return;
    }
    const { probe, room } = this.options;
    if (opened || probe === undefined) return;
    const { epoch } = this;
    probe(room).then(
      (status) => {
        if (epoch !== this.epoch || this.stopped) return;
        if (status === 404) this.gone();
        else if (status === 401) this.owner.signedOut();
      },
      () => undefined, // out of reach: the loop goes on
    );
  }

  /** A 404 may be a proxy's, whose server is being replaced: ask again, but seldom. */
  private gone(): void {
    this.tries = 16;
    this.wait(longest);
    this.owner.missing();
  }

  private ended(delay?: number): void {
    const { clock, random } = this.options;
    if (this.state === "online" && clock.now() - this.onlineSince >= goodAfter) this.tries = 0;
    this.drop();
    if (this.stopped) return;
    if (this.moving) delay = moveAgain * (1 + random());
    this.wait(delay ?? Math.max(this.hint ?? 0, backoff(this.tries++, random)));
  }

  private wait(ms: number): void {
    this.retry.arm(ms);
    this.set("offline", this.options.clock.now() + ms);
  }

  private drop(): void {
    this.watch.cancel();
    const { transport } = this;
    this.transport = undefined;
    transport?.close();
  }

  private ping(patience: number): void {
    if (this.answerBy !== undefined) return;
    this.answerBy = this.options.clock.now() + patience;
    this.send(this.options.ping);
  }

  /** Looks at the clock: is it time to ask for a sign of life, to give one, or to give up? */
  private look(): void {
    const now = this.options.clock.now();
    if (this.state !== "online") {
      if (this.state === "connecting") this.ended();
      return;
    }
    if (this.answerBy !== undefined && now >= this.answerBy) {
      this.ended();
      return;
    }
    if (now >= this.lastHeard + this.heartbeat) this.ping(this.heartbeat);
    else if (now >= this.lastSaid + 2 * this.heartbeat) this.send(this.options.ping);
    const next = Math.min(this.answerBy ?? this.lastHeard + this.heartbeat, this.lastSaid + 2 * this.heartbeat);
    this.watch.arm(Math.max(1, next - now));
  }

  private set(state: ConnectionState, retryAt: number | undefined): void {
    if (this.state === state && this.retryAt === retryAt) return;
    this.state = state;
    this.retryAt = retryAt;
    this.owner.changed();
  }
}
