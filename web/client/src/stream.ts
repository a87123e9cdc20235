import { StreamParser } from "./sse";
import type { CloseInfo, Connect, Transport, TransportHandlers } from "./types";

/** Frames that wait for the answer to the last one travel together, up to this many UTF-16 units. */
const together = 64 * 1024;

/**
 * Connections for networks that let no WebSocket through: the server speaks by an event stream, the client by requests,
 * each sent after the answer to the one before. The url is that of the stream.
 */
export function streamConnect(url: string, fetchFn: typeof fetch = (input, init) => fetch(input, init)): Connect {
  return (handlers) => new Stream(url, fetchFn, handlers);
}

class Stream implements Transport {
  private readonly abort = new AbortController();
  private readonly waiting: string[] = [];
  private id: string | undefined;
  private posting = false;
  private over = false;

  constructor(
    private readonly url: string,
    private readonly fetchFn: typeof fetch,
    private readonly handlers: TransportHandlers,
  ) {
    this.read().then(
      () => this.end({ reason: "the stream has ended" }),
      (error: unknown) => this.end({ reason: String(error) }),
    );
  }

  send(frame: string): void {
    if (this.over) return;
    this.waiting.push(frame);
    void this.post();
  }

  close(): void {
    this.over = true;
    this.abort.abort();
  }

  private end(info: CloseInfo): void {
    if (this.over) return;
    this.close();
    this.handlers.close(info);
  }

  private async read(): Promise<void> {
    await Promise.resolve(); // no handler may be called before the caller has the transport
    const response = await this.fetchFn(this.url, {
      headers: { accept: "text/event-stream" },
      cache: "no-store",
      signal: this.abort.signal,
    });
    if (response.status !== 200 || response.body === null) {
      this.end({ code: response.status, reason: "the stream was refused", missing: response.status === 404 });
      return;
    }
    const parser = new StreamParser();
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.over) return;
      for (const { event, data } of parser.push(decoder.decode(value, { stream: true }))) {
        if (this.over) return;
        if (event === "open") this.opened(data);
        else if (event === "message") this.handlers.frame(data);
      }
    }
  }

  private opened(data: string): void {
    const { id } = JSON.parse(data) as { id?: unknown };
    if (typeof id !== "string") throw new Error("the stream has no id");
    this.id = id;
    this.handlers.open();
    void this.post();
  }

  private async post(): Promise<void> {
    if (this.posting || this.id === undefined) return;
    this.posting = true;
    try {
      while (this.waiting.length > 0 && !this.over) {
        let body = this.waiting.shift() ?? "";
        while (this.waiting.length > 0 && body.length + (this.waiting[0]?.length ?? 0) < together) {
          body += `\n${this.waiting.shift() ?? ""}`;
        }
        const response = await this.fetchFn(`${this.url}/${encodeURIComponent(this.id)}`, {
          method: "POST",
          headers: { "content-type": "text/plain;charset=utf-8" },
          body,
          signal: this.abort.signal,
        });
        if (response.status === 413) {
          // Over a WebSocket this is an error message, and the connection goes on; so it does here.
          this.handlers.frame(JSON.stringify({ t: "error", code: "too_large", message: await messageOf(response) }));
          continue;
        }
        if (!response.ok) {
          this.end({ code: response.status, reason: "the server refused what was sent" });
          return;
        }
      }
    } catch (error) {
      this.end({ reason: String(error) });
    } finally {
      this.posting = false;
    }
  }
}

async function messageOf(response: Response): Promise<string> {
  try {
    const { message } = (await response.json()) as { message?: unknown };
    if (typeof message === "string") return message;
  } catch {
    // a proxy's answer, which is not for people
  }
  return "This is too large to be sent at once.";
}
