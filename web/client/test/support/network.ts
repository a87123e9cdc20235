import type { Clock } from "../../src/clock";
import type { Connect } from "../../src/types";
import type { Random } from "./random";
import type { ReferenceServer, ServerEnd } from "./server";

/** How bad a network is. Times are milliseconds. */
export type Weather = {
  delay: number;
  /** One frame in so many is sent twice; 0 for never. */
  twice: number;
};

/** A way to the server that keeps the order of each direction of a connection, and loses, delays and doubles. */
export class Network {
  readonly links = new Set<Link>();
  /** Nothing gets through, and nobody is told. */
  dead = false;
  /** New connections fail at once. */
  refusing = false;
  /** They fail as HTTP 404 does. */
  missing = false;
  /** They fail as HTTP 401 does. */
  unknown = false;
  connects = 0;

  constructor(
    private readonly server: ReferenceServer,
    private readonly clock: Clock,
    private readonly random: Random,
    readonly weather: Weather = { delay: 0, twice: 0 },
    public person = "ada",
  ) {}

  readonly connect: Connect = (handlers) => {
    this.connects++;
    if (this.refusing || this.missing || this.unknown) {
      const handle = this.clock.setTimeout(() => handlers.close(this.unknown ? { code: 401 } : { missing: this.missing }), 1);
      return { send: () => undefined, close: () => this.clock.clearTimeout(handle) };
    }
    const link = new Link(this, this.server, this.clock, this.random, {
      frame: (text) => handlers.frame(text),
      close: () => handlers.close({}),
    });
    this.links.add(link);
    link.later(() => handlers.open(), "in");
    return { send: (frame) => link.send(frame), close: () => link.leave() };
  };

  /** Cuts every connection; both sides are told. */
  cut(): void {
    for (const link of this.links) link.cut();
  }
}

type Direction = "in" | "out";

/** One connection. */
class Link {
  private readonly last = { in: 0, out: 0 };
  private end: ServerEnd | undefined;
  private left = false;
  private broken = false;
  /** Frames in this direction vanish. */
  readonly lost = { in: false, out: false };

  constructor(
    private readonly net: Network,
    server: ReferenceServer,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly client: { frame(text: string): void; close(): void },
  ) {
    this.later(() => {
      this.end = server.accept(net.person, (frame) => {
        if (frame !== undefined) this.later(() => this.client.frame(frame), "in");
        else this.later(() => this.cut(), "in");
      });
    }, "out");
  }

  send(frame: string): void {
    const { twice } = this.net.weather;
    this.later(() => this.end?.hear(frame), "out");
    // A frame that a proxy sends twice: only batches, which the protocol allows to come again.
    if (twice > 0 && frame.includes('"batch"') && this.random.oneIn(twice)) this.later(() => this.end?.hear(frame), "out");
  }

  /** Does something after a delay, not before what went the same way earlier. */
  later(f: () => void, direction: Direction): void {
    const { delay } = this.net.weather;
    const at = Math.max(this.last[direction], this.clock.now() + (delay === 0 ? 0 : this.random.below(delay)));
    this.last[direction] = at;
    const run = (): void => {
      if (this.broken || this.lost[direction] || this.net.dead) return;
      if (direction === "in" && this.left) return;
      f();
    };
    if (at === this.clock.now() && delay === 0) queueMicrotask(run);
    else this.clock.setTimeout(run, at - this.clock.now());
  }

  /** The client has closed it: what is on its way to the server may still arrive. */
  leave(): void {
    this.left = true;
    this.later(() => {
      this.end?.close();
      this.net.links.delete(this);
    }, "out");
  }

  cut(): void {
    if (this.broken) return;
    this.broken = true;
    this.net.links.delete(this);
    this.end?.close();
    if (!this.left) this.client.close();
  }
}
