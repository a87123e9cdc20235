import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer, type RawData } from "ws";

/** The versions of the protocol that somebody speaks. */
export type Versions = { readonly protocol: number; readonly oldest: number };

/** A server as those of another version meet it: what they say of themselves when they join is changed on the way. */
export class Versioned {
  /** What the server hears; undefined: the truth. */
  speaks: Versions | undefined;
  private readonly sockets = new Set<WebSocket>();
  private readonly server = createServer((from, to) => {
    const onward = request(new URL(from.url ?? "/", this.target), { method: from.method, headers: from.headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    });
    onward.on("error", () => to.destroy());
    from.pipe(onward);
  });

  private constructor(private readonly target: string) {}

  static async before(target: string): Promise<Versioned> {
    const one = new Versioned(target);
    const sockets = new WebSocketServer({ noServer: true });
    one.server.on("upgrade", (from, socket, head) => {
      sockets.handleUpgrade(from, socket, head, (down) => {
        const { authorization = "", cookie = "" } = from.headers;
        one.join(down, new WebSocket(new URL(from.url ?? "/", target.replace("http", "ws")), { headers: { authorization, cookie } }));
      });
    });
    one.server.listen(0, "127.0.0.1");
    await once(one.server, "listening");
    return one;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends all connections; those that come again say what is to be said by then. */
  cut(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  async close(): Promise<void> {
    this.cut();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private join(down: WebSocket, up: WebSocket): void {
    const waiting: string[] = [];
    down.on("message", (data) => {
      const text = this.changed(data.toString());
      if (up.readyState === WebSocket.OPEN) up.send(text);
      else waiting.push(text);
    });
    up.on("open", () => waiting.forEach((text) => up.send(text)));
    up.on("message", (data: RawData) => down.send(data.toString()));
    for (const [one, other] of [[down, up], [up, down]] as const) {
      this.sockets.add(one);
      one.on("error", () => undefined);
      one.on("close", () => {
        this.sockets.delete(one);
        if (other.readyState === WebSocket.OPEN) other.close();
        else other.terminate();
      });
    }
  }

  private changed(text: string): string {
    if (this.speaks === undefined || !text.includes('"t":"join"')) return text;
    return JSON.stringify({ ...(JSON.parse(text) as object), ...this.speaks });
  }
}
