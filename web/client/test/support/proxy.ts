import { connect, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import type { Random } from "./random";

type Pipe = { down: Socket; up: Socket; double: Socket | undefined; lost: { up: boolean; down: boolean } };

/** A TCP proxy that delays, cuts, doubles and silences connections. */
export class Proxy {
  /** The longest delay of a piece, in milliseconds. */
  delay = 0;
  /** New connections are closed at once. */
  refusing = false;
  /** One new connection in so many is sent to the server a second time, whose answers nobody hears; 0 for none. */
  doubled = 0;
  private readonly pipes = new Set<Pipe>();
  private readonly server: Server;

  constructor(
    private readonly target: () => number,
    private readonly random: Random,
  ) {
    this.server = createServer((down) => this.accept(down));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Cuts one connection, or all. */
  cut(all = false): void {
    for (const pipe of this.pick(all)) this.end(pipe);
  }

  /** From here on one direction of one connection goes nowhere, and nobody is told. */
  silence(): void {
    for (const pipe of this.pick(false)) pipe.lost[this.random.oneIn(2) ? "up" : "down"] = true;
  }

  async stop(): Promise<void> {
    this.cut(true);
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pick(all: boolean): Pipe[] {
    const pipes = [...this.pipes];
    return all || pipes.length === 0 ? pipes : [this.random.pick(pipes)];
  }

  private accept(down: Socket): void {
    if (this.refusing) {
      down.destroy();
      return;
    }
    const up = connect(this.target(), "127.0.0.1");
    const double = this.doubled > 0 && this.random.oneIn(this.doubled) ? connect(this.target(), "127.0.0.1") : undefined;
    const pipe: Pipe = { down, up, double, lost: { up: false, down: false } };
    this.pipes.add(pipe);
    this.forward(down, (data) => {
      if (pipe.lost.up) return;
      up.write(data);
      double?.write(data);
    });
    this.forward(up, (data) => {
      if (!pipe.lost.down) down.write(data);
    });
    double?.resume();
    double?.on("error", () => undefined);
    for (const socket of [down, up]) {
      socket.on("error", () => this.end(pipe));
      socket.on("close", () => this.end(pipe));
    }
  }

  /** Hands on what a socket says, piece by piece, later and in order: TCP loses all or nothing and swaps nothing. */
  private forward(from: Socket, to: (data: Buffer) => void): void {
    const waiting: { at: number; data: Buffer }[] = [];
    const next = (): void => {
      const first = waiting[0];
      if (first === undefined) return;
      const ms = first.at - performance.now();
      if (ms > 0) {
        setTimeout(next, Math.ceil(ms));
        return;
      }
      waiting.shift();
      to(first.data);
      next();
    };
    from.on("data", (data: Buffer) => {
      waiting.push({ at: performance.now() + (this.delay > 0 ? this.random.below(this.delay) : 0), data });
      if (waiting.length === 1) next();
    });
  }

  private end(pipe: Pipe): void {
    if (!this.pipes.delete(pipe)) return;
    pipe.down.destroy();
    pipe.up.destroy();
    pipe.double?.destroy();
  }
}
