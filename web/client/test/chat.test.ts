import { describe, expect, it } from "vitest";
import { parseFrame } from "../src/messages";
import type { Typist } from "./support/typist";
import { scene } from "./support/typist";

const said = (t: Typist): string[] => t.client.view().chat.messages.map((m) => m.text);
const waiting = (t: Typist): readonly string[] => t.client.view().chat.waiting;

async function cut(t: Typist): Promise<void> {
  t.network.refusing = true;
  t.network.cut();
  await t.clock.advance(10);
}

async function online(t: Typist): Promise<void> {
  t.network.refusing = false;
  t.client.reconnectNow();
  await t.clock.advance(2000);
}

describe("chat", () => {
  it("waits until the server has it, and comes to all in order", async () => {
    const { a, b, clock } = await scene(["aaaaaaaa", "bbbbbbbb"]);
    a.client.chat("hello\r\nyou");
    expect(waiting(a)).toEqual(["hello\nyou"]);
    expect(said(a)).toEqual([]);
    await clock.advance(5);
    b.client.chat("hi");
    await clock.advance(5);
    for (const t of [a, b]) {
      expect(said(t)).toEqual(["hello\nyou", "hi"]);
      expect(waiting(t)).toEqual([]);
    }
    expect(a.client.view().chat).toBe(a.client.view().chat);
    const { chat } = a.client.view();
    a.type("x");
    await clock.advance(5);
    expect(a.client.view().chat).toBe(chat);
  });

  it("survives the network and the process, and is said once", async () => {
    const { a, b, server, clock } = await scene(["aaaaaaaa", "bbbbbbbb"]);
    a.client.chat("first");
    await clock.advance(5);
    await cut(a);
    a.client.chat("offline");
    a.type("x", 0);
    a.client.chat("later");
    expect(a.client.unsent()).toBeGreaterThan(0);
    await clock.advance(100);
    a.die();
    await a.rise();
    expect(said(a)).toEqual(["first"]);
    expect(waiting(a)).toEqual(["offline", "later"]);
    await online(a);
    expect(said(b)).toEqual(["first", "offline", "later"]);
    expect(said(a)).toEqual(said(b));
    expect(waiting(a)).toEqual([]);
    // The answer to a message is lost: it is sent again, and is in the log once.
    const { tell } = server as unknown as { tell: unknown };
    Object.assign(server, { tell: () => undefined });
    a.client.chat("once");
    await clock.advance(5);
    Object.assign(server, { tell });
    await cut(a);
    await online(a);
    expect(server.log.filter((e) => e.body.kind === "chat" && e.body.text === "once")).toHaveLength(1);
    expect(said(a).at(-1)).toBe("once");
    expect(a.client.view()).toMatchObject({ save: { kind: "saved" }, diverged: 0 });
  });

  it("that is refused is recovered, with the reason", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    server.refuse = ({ body }) => (body.kind === "chat" ? { code: "forbidden", message: "You may not talk here." } : undefined);
    a.client.chat("precious");
    a.type("y", 0);
    await clock.advance(10);
    expect(said(a)).toEqual([]);
    expect(waiting(a)).toEqual([]);
    expect(a.client.view().recovered).toMatchObject([{ file: "", name: "chat", text: "precious", reason: "You may not talk here." }]);
    expect(server.text()).toBe("yhello\nworld\n");
  });

  it("of which there is much is kept within bounds", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    for (let i = 0; i < 510; i++) server.append({ version: 0, at: i, by: "pb", body: { kind: "chat", text: `m${i}` } });
    await clock.advance(10);
    const { chat } = a.client.view();
    expect(chat.messages).toHaveLength(500);
    expect(chat.messages.at(0)).toMatchObject({ text: "m10", by: "pb" });
    expect(chat.more).toBe(true);
    await clock.advance(5000);
    await a.client.flush();
    a.die();
    await a.rise();
    expect(said(a).at(-1)).toBe("m509");
  });

  it("without text is no message", () => {
    expect(() => parseFrame('{"t":"event","version":1,"at":1,"body":{"kind":"chat","text":{}}}')).toThrow("without text");
  });
});
