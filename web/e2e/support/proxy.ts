import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP proxy before a server, whose connections can go silent as those of a network that has lost its way do. */
export class Proxy {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private silent = false;
  private readonly server = createServer((down) => this.accept(down));

  private constructor(private readonly target: number) {}

  /** Begins to listen before the server of a URL. */
  static async before(url: string): Promise<Proxy> {
    const proxy = new Proxy(Number(new URL(url).port));
    proxy.server.listen(0, "127.0.0.1");
    await once(proxy.server, "listening");
    return proxy;
  }

  /** A URL of the server, as it is seen through the proxy. */
  through(url: string): string {
    const there = new URL(url);
    there.port = String((this.server.address() as AddressInfo).port);
    return there.href;
  }

  /** From here on nothing gets through, in either direction, and nobody is told: connections stay open, and new ones open. */
  stall(): void {
    this.silent = true;
  }

  /** New connections get through again; those of before stay silent. */
  resume(): void {
    this.silent = false;
  }

  async close(): Promise<void> {
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
    this.server.close();
    await once(this.server, "close");
  }

  private accept(down: Socket): void {
    const up = connect(this.target, "127.0.0.1");
    const pair = [down, up] as const;
    this.pairs.add(pair);
    let lost = this.silent;
    const forward = (from: Socket, to: Socket): void => {
      from.on("data", (data) => {
        lost ||= this.silent;
        if (!lost) to.write(data);
      });
      from.on("error", () => undefined);
      from.on("close", () => {
        this.pairs.delete(pair);
        lost ||= this.silent;
        if (!lost) to.destroy();
      });
    };
    forward(down, up);
    forward(up, down);
  }
}
