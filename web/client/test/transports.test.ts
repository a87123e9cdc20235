import { describe, expect, it } from "vitest";
import { fallbackConnect, httpProbe, streamConnect, webSocketConnect, type Connect, type TransportHandlers, type WebSocketLike } from "../src/index";
import { FakeClock, settle } from "./support/clock";

function recorder() {
  const log: string[] = [];
  const handlers: TransportHandlers = {
    open: () => log.push("open"),
    frame: (text) => log.push(`frame ${text}`),
    close: (info) => log.push(`close ${info.missing === true ? "missing" : (info.code ?? "")}`.trim()),
  };
  return { log, handlers };
}

class FakeSocket implements WebSocketLike {
  onopen: ((e: never) => void) | null = null;
  onmessage: ((e: never) => void) | null = null;
  onclose: ((e: never) => void) | null = null;
  onerror: ((e: never) => void) | null = null;
  readonly sent: string[] = [];
  closed = false;
  send(data: string): void {
    this.sent.push(data);
  }
  close(): void {
    this.closed = true;
  }
}

describe("WebSocket", () => {
  it("passes frames both ways and closes once", () => {
    const socket = new FakeSocket();
    const { log, handlers } = recorder();
    const transport = webSocketConnect("ws://x", () => socket)(handlers);
    transport.send("too early");
    socket.onopen?.({} as never);
    socket.onmessage?.({ data: "hello" } as never);
    socket.onmessage?.({ data: new ArrayBuffer(1) } as never);
    transport.send("hi");
    socket.onerror?.({} as never);
    socket.onclose?.({ code: 1006 } as never);
    socket.onmessage?.({ data: "late" } as never);
    expect(log).toEqual(["open", "frame hello", "close"]);
    expect(socket.sent).toEqual(["hi"]);
  });

  it("says nothing after it was closed from here", () => {
    const socket = new FakeSocket();
    const { log, handlers } = recorder();
    const transport = webSocketConnect("ws://x", () => socket)(handlers);
    transport.close();
    socket.onopen?.({} as never);
    socket.onclose?.({ code: 1000 } as never);
    expect(log).toEqual([]);
    expect(socket.closed).toBe(true);
  });

  it("that cannot be made is a connection that failed", async () => {
    const { log, handlers } = recorder();
    webSocketConnect("nonsense", () => {
      throw new Error("bad url");
    })(handlers);
    expect(log).toEqual([]);
    await settle();
    expect(log).toEqual(["close"]);
  });
});

type Request = { url: string; method: string; body: string; answer: (r: Response) => void; fail: () => void };

function fakeFetch() {
  const requests: Request[] = [];
  const fetchFn = ((input: string, init?: RequestInit) =>
    new Promise<Response>((resolve, reject) => {
      const body = typeof init?.body === "string" ? init.body : "";
      requests.push({ url: input, method: init?.method ?? "GET", body, answer: resolve, fail: () => reject(new Error("network")) });
      init?.signal?.addEventListener("abort", () => reject(new Error("aborted")));
    })) as unknown as typeof fetch;
  return { requests, fetchFn };
}

function eventStream() {
  let control: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({ start: (c) => void (control = c) });
  const push = async (text: string): Promise<void> => {
    control?.enqueue(new TextEncoder().encode(text));
    await settle();
  };
  return { response: new Response(body, { status: 200 }), push, end: () => control?.close() };
}

describe("event stream", () => {
  it("reads events, and posts one after the other", async () => {
    const { requests, fetchFn } = fakeFetch();
    const { log, handlers } = recorder();
    const transport = streamConnect("/stream", fetchFn)(handlers);
    transport.send("join");
    await settle();
    const { response, push, end } = eventStream();
    expect(requests.map((r) => `${r.method} ${r.url}`)).toEqual(["GET /stream"]);
    requests[0]?.answer(response);
    await push('event: open\ndata: {"id":"a/b"}\n\n');
    await push("data: one\ndata: two\n\ndata: th");
    await push("ree €\n\n");
    expect(log).toEqual(["open", "frame one\ntwo", "frame three €"]);
    expect(requests.slice(1).map((r) => `${r.method} ${r.url} ${r.body}`)).toEqual(["POST /stream/a%2Fb join"]);
    transport.send("x");
    transport.send("y");
    await settle();
    expect(requests.length).toBe(2);
    requests[1]?.answer(new Response(null, { status: 204 }));
    await settle();
    expect(requests[2]?.body).toBe("x\ny");
    requests[2]?.answer(new Response(null, { status: 204 }));
    await settle();
    end();
    await settle();
    expect(log.at(-1)).toBe("close");
  });

  it("ends when a post fails, when it is refused, and when there is no room", async () => {
    for (const how of ["post", "fail", "status", "missing"] as const) {
      const { requests, fetchFn } = fakeFetch();
      const { log, handlers } = recorder();
      const transport = streamConnect("/stream", fetchFn)(handlers);
      await settle();
      if (how === "missing" || how === "status") requests[0]?.answer(new Response("", { status: how === "missing" ? 404 : 503 }));
      else {
        const { response, push } = eventStream();
        requests[0]?.answer(response);
        await push('event: open\ndata: {"id":"1"}\n\n');
        transport.send("x");
        if (how === "post") requests[1]?.answer(new Response("", { status: 404 }));
        else requests[1]?.fail();
      }
      await settle();
      expect(log.filter((l) => l !== "open")).toEqual([{ post: "close 404", fail: "close", status: "close 503", missing: "close missing" }[how]]);
    }
  });

  it("says nothing after it was closed from here", async () => {
    const { requests, fetchFn } = fakeFetch();
    const { log, handlers } = recorder();
    streamConnect("/stream", fetchFn)(handlers).close();
    await settle();
    expect(requests.length).toBeLessThanOrEqual(1);
    expect(log).toEqual([]);
  });
});

describe("fallback", () => {
  function both() {
    const clock = new FakeClock();
    const made: { kind: string; handlers: TransportHandlers; closed: boolean; sent: string[] }[] = [];
    const way = (kind: string): Connect => (handlers) => {
      const one = { kind, handlers, closed: false, sent: [] as string[] };
      made.push(one);
      return { send: (f) => one.sent.push(f), close: () => void (one.closed = true) };
    };
    return { clock, made, connect: fallbackConnect(way("ws"), way("sse"), clock) };
  }

  it("stays with WebSockets while they work", () => {
    const { made, connect } = both();
    for (let i = 0; i < 3; i++) {
      const { log, handlers } = recorder();
      const t = connect(handlers);
      const one = made.at(-1);
      one?.handlers.open();
      one?.handlers.frame("x");
      t.send("y");
      expect(one?.sent).toEqual(["y"]);
      one?.handlers.close({ code: 1006 });
      expect(log).toEqual(["open", "frame x", "close 1006"]);
    }
    expect(made.map((m) => m.kind)).toEqual(["ws", "ws", "ws"]);
  });

  it("uses a stream in the same go when a WebSocket does not open, and for a while after", async () => {
    for (const how of ["fails", "is silent"]) {
      const { made, connect, clock } = both();
      const { log, handlers } = recorder();
      const t = connect(handlers);
      if (how === "fails") made[0]?.handlers.close({ code: 1006 });
      else await clock.advance(5000);
      expect(made.map((m) => m.kind)).toEqual(["ws", "sse"]);
      made[0]?.handlers.open(); // too late
      made[1]?.handlers.open();
      made[1]?.handlers.frame("x");
      t.send("y");
      expect(made[1]?.sent).toEqual(["y"]);
      made[1]?.handlers.close({});
      expect(log).toEqual(["open", "frame x", "close"]);
      connect(recorder().handlers);
      expect(made.at(-1)?.kind).toBe("sse");
      await clock.advance(301_000);
      connect(recorder().handlers);
      expect(made.at(-1)?.kind).toBe("ws");
    }
  });

  it("leaves WebSockets that open and carry nothing", () => {
    const { made, connect } = both();
    for (let i = 0; i < 2; i++) {
      const t = connect(recorder().handlers);
      made.at(-1)?.handlers.open();
      if (i === 0) made.at(-1)?.handlers.close({});
      else t.close();
    }
    connect(recorder().handlers);
    expect(made.map((m) => m.kind)).toEqual(["ws", "ws", "sse"]);
  });

  it("tries WebSockets again when nothing works, and says when there is no room", () => {
    const { made, connect } = both();
    const { log, handlers } = recorder();
    connect(handlers);
    made[0]?.handlers.close({});
    made[1]?.handlers.close({ missing: true });
    expect(log).toEqual(["close missing"]);
    connect(recorder().handlers);
    expect(made.map((m) => m.kind)).toEqual(["ws", "sse", "ws"]);
  });

  it("closes what it has opened", async () => {
    const { made, connect, clock } = both();
    const { log, handlers } = recorder();
    connect(handlers).close();
    expect(made[0]?.closed).toBe(true);
    await clock.advance(10_000);
    expect(made.length).toBe(1);
    expect(clock.due).toBe(0);
    const t = connect(handlers);
    made[1]?.handlers.close({});
    t.close();
    expect(made[2]?.closed).toBe(true);
    expect(log).toEqual([]);
  });
});

it("the probe gives the room's status", async () => {
  const { requests, fetchFn } = fakeFetch();
  const status = httpProbe("http://x", fetchFn)("a b");
  requests[0]?.answer(new Response("", { status: 404 }));
  expect(await status).toBe(404);
  expect(requests[0]?.url).toBe("http://x/api/v1/rooms/a%20b");
});
