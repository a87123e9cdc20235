import { ChangeSet } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { backoff } from "../src/connection";
import type { Typist } from "./support/typist";
import { scene } from "./support/typist";

async function offline(a: Typist): Promise<void> {
  a.network.refusing = true;
  a.network.cut();
  await a.clock.advance(10);
}

describe("reconnecting", () => {
  it("waits longer and longer, never gives up, and can be hurried", async () => {
    expect(backoff(0, () => 0)).toBe(250);
    expect(backoff(0, () => 0.999)).toBeCloseTo(125, 0);
    expect(backoff(3, () => 0)).toBe(2000);
    expect(backoff(1e6, () => 0)).toBe(15_000);
    const { a, clock } = await scene(["aaaaaaaa"]);
    await clock.advance(6000);
    const before = a.network.connects;
    await offline(a);
    expect(a.client.view()).toMatchObject({ connection: "offline", save: { kind: "offline", characters: 0 } });
    expect(a.client.view().retryAt).toBeGreaterThan(clock.now());
    a.type("abc", 0);
    expect(a.client.view().save).toEqual({ kind: "offline", characters: 3 });
    await clock.advance(10_000);
    expect(a.network.connects - before).toBeGreaterThan(4);
    expect(a.network.connects - before).toBeLessThan(12);
    await clock.advance(3_600_000);
    const many = a.network.connects - before;
    expect(many).toBeGreaterThan(3_600 / 15);
    expect(many).toBeLessThan(3_600 / 7);
    a.network.refusing = false;
    a.client.reconnectNow();
    await clock.advance(1);
    expect(a.client.view().save).toEqual({ kind: "saved", version: 2 });
  });

  it("sends the batch in flight again with the same number and base, and commits it once", async () => {
    for (const lost of ["in", "out"] as const) {
      const { a, server, clock } = await scene(["aaaaaaaa"]);
      for (const link of a.network.links) link.lost[lost] = true;
      a.type("x", 0);
      await clock.advance(1);
      a.type("y", 1);
      server.edit(ChangeSet.of({ from: 0, insert: "z" }, server.text().length));
      a.network.cut();
      await clock.advance(1000);
      expect(server.text()).toBe(lost === "in" ? "zxyhello\nworld\n" : "xyzhello\nworld\n");
      expect(a.text()).toBe(server.text());
      expect(a.client.view()).toMatchObject({ save: { kind: "saved", version: 4 }, diverged: 0 });
      expect(server.heard.filter((m) => m.t === "join" && m.seq === 1 && m.resume === 1).length).toBe(1);
    }
  });

  it("takes an ack of a batch that was sent twice for what it is", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    a.network.weather.twice = 1;
    for (const c of "abcdef") {
      a.type(c, 0);
      await clock.advance(1);
    }
    expect(server.text()).toBe("fedcbahello\nworld\n");
    expect(a.client.view()).toMatchObject({ save: { kind: "saved", version: 7 }, diverged: 0 });
  });

  it("asks for a sign of life, and leaves a connection that gives none", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    const heard = (): number => server.heard.filter((m) => m.t === "ping").length;
    await clock.advance(19_000);
    expect(heard()).toBe(0);
    await clock.advance(60_000);
    expect(heard()).toBeGreaterThanOrEqual(3);
    expect(a.network.connects).toBe(1);
    for (const link of a.network.links) link.lost.in = true;
    await clock.advance(39_000);
    a.type("x", 0);
    await clock.advance(3_000);
    expect(a.network.connects).toBe(2);
    expect(a.client.view().save).toEqual({ kind: "saved", version: 2 });
  });

  it("tells the server that it lives when it only listens", async () => {
    const { server, clock } = await scene(["aaaaaaaa"]);
    for (let i = 0; i < 20; i++) {
      await clock.advance(5_000);
      server.edit(ChangeSet.of({ from: 0, insert: "." }, server.text().length));
    }
    // In a room so slow, checks are something to say; the point is that no two heartbeats pass in silence.
    expect(server.heard.length).toBeGreaterThanOrEqual(3);
    const { clock: other, server: busy } = await scene(["aaaaaaaa"]);
    for (let i = 0; i < 400; i++) {
      await other.advance(250);
      busy.edit(ChangeSet.of({ from: 0, insert: "." }, busy.text().length));
    }
    expect(busy.heard.length).toBeGreaterThanOrEqual(3);
  });

  it("looks after a connection when the page wakes up", async () => {
    const { a, clock } = await scene(["aaaaaaaa"]);
    await clock.advance(9000);
    for (const link of a.network.links) link.lost.in = true;
    a.client.reconnectNow();
    await clock.advance(4000);
    expect(a.network.connects).toBe(2);
    expect(a.client.view().connection).toBe("online");
    a.client.reconnectNow();
    await clock.advance(4000);
    expect(a.network.connects).toBe(2);
  });

  it("gives up a connection that never gets an answer", async () => {
    const { a, clock } = await scene(["aaaaaaaa"]);
    a.network.dead = true;
    a.network.cut();
    await clock.advance(30_000);
    expect(a.network.connects).toBeGreaterThanOrEqual(3);
    a.network.dead = false;
    await clock.advance(30_000);
    expect(a.client.view().connection).toBe("online");
  });

  it("comes back when a server that stops asks for it", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    for (const end of server.ends) {
      end.say({ t: "bye", reason: "restart", retry: 4000 });
      end.close();
    }
    await clock.advance(3900);
    expect(a.network.connects).toBe(1);
    await clock.advance(2200);
    expect(a.network.connects).toBe(2);
  });

  it("moves to another node at once, without a word, and what was typed meanwhile is there once", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    const shown: string[] = [];
    a.client.subscribe(() => shown.push(a.client.view().connection));
    for (const link of a.network.links) link.lost.in = true; // the confirmation of x does not come before the move
    a.type("x", 0);
    await clock.advance(100);
    for (const link of a.network.links) link.lost.in = false;
    a.network.weather.delay = 50;
    for (const end of server.ends) {
      end.say({ t: "bye", reason: "moving", retry: 0 });
      end.close();
    }
    a.type("y", 1);
    await clock.advance(60);
    expect(a.network.connects).toBe(2);
    expect(a.client.view().save).toMatchObject({ kind: "sending" });
    await clock.advance(500);
    expect(server.text()).toBe("xyhello\nworld\n");
    expect(a.client.view()).toMatchObject({ connection: "online", save: { kind: "saved" }, diverged: 0 });
    expect(new Set(shown)).toEqual(new Set(["online"]));
  });

  it("keeps what is typed into a terminal while it moves, and only then", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    const typed = (): string => server.heard.flatMap((m) => (m.t === "input" ? [m.data] : [])).join("");
    a.network.weather.delay = 50;
    for (const end of server.ends) end.say({ t: "bye", reason: "moving", retry: 0 });
    await clock.advance(60);
    expect([a.client.sendInput(7, "a"), a.client.sendInput(7, "b")]).toEqual([true, true]);
    await clock.advance(500);
    expect(a.client.sendInput(7, "c")).toBe(true);
    await clock.advance(100);
    expect(typed()).toBe("abc");
    await offline(a);
    expect(a.client.sendInput(7, "d")).toBe(false);
    a.network.refusing = false;
    await clock.advance(2000);
    expect(typed()).toBe("abc");
  });

  it("tries often when the next node does not answer, and says so after two seconds", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    await clock.advance(6000);
    a.network.refusing = true;
    for (const end of server.ends) end.say({ t: "bye", reason: "moving", retry: 0 });
    await clock.advance(1900);
    expect(a.network.connects).toBeGreaterThan(8);
    expect(a.client.view()).toMatchObject({ connection: "online" });
    expect(a.client.view().retryAt).toBeUndefined();
    await clock.advance(300);
    expect(a.client.view().connection).not.toBe("online");
    a.network.refusing = false;
    await clock.advance(2000);
    expect(a.client.view()).toMatchObject({ connection: "online", save: { kind: "saved" } });
  });

  it("says that a room is missing, and asks again now and then", async () => {
    const { a, clock } = await scene(["aaaaaaaa"]);
    a.network.missing = true;
    a.network.cut();
    await clock.advance(1000);
    expect(a.client.view()).toMatchObject({ status: "missing", connection: "offline" });
    a.network.missing = false;
    await clock.advance(15_000);
    expect(a.client.view()).toMatchObject({ status: "ready", connection: "online" });
  });

  it("probes when a connection would not open", async () => {
    let status = 200;
    const { a, clock } = await scene(["aaaaaaaa"], { probe: () => (status === 0 ? Promise.reject(new Error("down")) : Promise.resolve(status)) });
    await offline(a);
    await clock.advance(2000);
    expect(a.client.view().status).toBe("ready");
    status = 0;
    await clock.advance(20_000);
    expect(a.client.view().status).toBe("ready");
    status = 404;
    await clock.advance(20_000);
    expect(a.client.view().status).toBe("missing");
  });

  it("creates a file offline, with edits in it", async () => {
    const { a, b, server, clock } = await scene(["aaaaaaaa", "bbbbbbbb"]);
    await offline(a);
    const file = a.client.createFile("new.py", "one");
    a.follow();
    a.type(" two", undefined, file);
    a.type("x", 0);
    expect(a.client.view().save).toEqual({ kind: "offline", characters: 8, commands: 1 });
    a.network.refusing = false;
    a.client.reconnectNow();
    await clock.advance(10);
    for (const t of [a, b]) expect(t.text(file)).toBe("one two");
    expect(server.text()).toBe("xhello\nworld\n");
    a.checkEditors();
  });
});

describe("catching up", () => {
  it("rebases everything over what is missing, and sends what was in flight at the new base", async () => {
    for (const lost of ["in", "out"] as const) {
      const { a, server, clock } = await scene(["aaaaaaaa"], {}, "0123456789");
      server.catchupAfter = 3;
      for (const link of a.network.links) link.lost[lost] = true;
      a.type("A", 5);
      await clock.advance(1);
      a.type("B", 6);
      a.network.refusing = true;
      a.network.cut();
      for (let i = 0; i < 10; i++) server.edit(ChangeSet.of({ from: i, insert: "." }, server.text().length));
      server.append({ version: 0, at: 0, body: { kind: "create", file: "otherfile", name: "o", text: "o" } });
      server.edit(ChangeSet.of({ from: 1, insert: "!" }, 1), "zzzzzzzz", "otherfile");
      a.network.refusing = false;
      await clock.advance(2000);
      expect(server.text()).toBe("..........01234AB56789");
      expect(a.text()).toBe(server.text());
      expect(a.text("otherfile")).toBe("o!");
      a.checkEditors();
      expect(a.client.view()).toMatchObject({ save: { kind: "saved" }, diverged: 0, recovered: [] });
      const again = server.heard.filter((m) => m.t === "batch" && m.seq === 1).at(-1);
      if (lost === "out") expect(again).toMatchObject({ base: 13 });
    }
  });

  it("hands out what was typed into files that are gone", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    server.append({ version: 0, at: 0, body: { kind: "create", file: "otherfile", name: "o", text: "o" } });
    await clock.advance(1);
    server.catchupAfter = 0;
    for (const link of a.network.links) link.lost.out = true;
    a.type("gone", 0, "otherfile");
    await clock.advance(1);
    a.type("kept", 0);
    server.append({ version: 0, at: 0, body: { kind: "delete", file: "otherfile" } });
    server.edit(ChangeSet.of({ from: 0, insert: "z" }, 12));
    a.network.cut();
    await clock.advance(1000);
    expect(server.text()).toMatch(/^(zkept|keptz)hello/);
    expect(a.text()).toBe(server.text());
    expect(a.client.view()).toMatchObject({ save: { kind: "saved" }, recovered: [{ name: "o", text: "gone" }] });
  });
});

describe("repairs", () => {
  it("find a text that has drifted, and keep what is typed", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"], {}, "one\ntwo\nthree\n");
    await clock.advance(6000);
    expect(server.checks).toBe(1);
    await clock.advance(60_000);
    expect(server.checks).toBe(1); // nothing has changed since
    const file = server.files.get("mainmain");
    if (file) file.text = ChangeSet.of({ from: 4, to: 7, insert: "ZWO" }, 14).apply(file.text); // a defect of the server
    a.type("0", 0);
    await clock.advance(1);
    expect(a.client.view().diverged).toBe(0);
    await clock.advance(8000);
    expect(server.checks).toBeGreaterThanOrEqual(2); // and once more after the repair
    expect(a.client.view().diverged).toBe(1);
    expect(a.text()).toBe("0one\nZWO\nthree\n");
    a.checkEditors();
    a.type("!");
    await clock.advance(100);
    expect(server.text()).toBe("0one\nZWO\nthree\n!");
    expect(a.reports.map((r) => r.kind)).toEqual(["diverged"]);
  });

  it("follow a batch that was committed in another form", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    a.network.weather.delay = 10;
    const append = server.append.bind(server);
    server.append = (e) => {
      server.append = append;
      append({ ...e, body: { kind: "edit", edits: [{ file: "mainmain", changes: [12, [0, "other"]] }] } });
    };
    a.type("mine", 0);
    await clock.advance(1);
    a.type(" more", 4);
    await clock.advance(3000);
    expect(server.text()).toMatch(/^( more)?hello\nworld\nother( more)?$/);
    expect(server.text()).toContain(" more");
    expect(a.text()).toBe(server.text());
    a.checkEditors();
    expect(a.client.view()).toMatchObject({ save: { kind: "saved" }, diverged: 1, recovered: [] });
    expect(a.reports.map((r) => r.kind)).toEqual(["resync"]);
  });

  it("start over from a log that the client does not know, and keep what is unsent", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"], {}, "one\ntwo\n");
    for (let i = 0; i < 5; i++) a.type("x", 0);
    await clock.advance(10);
    await offline(a);
    a.type(" unsent", 5);
    server.log.length = 1; // restored from an old backup
    server.clients.clear();
    const file = server.files.get("mainmain");
    if (file) file.text = ChangeSet.of({ from: 0, to: 5 }, 13).apply(file.text);
    a.network.refusing = false;
    a.client.reconnectNow();
    await clock.advance(1000);
    expect(server.text()).toContain(" unsent");
    expect(a.text()).toBe(server.text());
    a.checkEditors();
    expect(a.client.view().save).toEqual({ kind: "saved", version: 2 });
  });

  it("reconnect after a frame that is none, a gap, or edits that do not fit", async () => {
    const bad = [
      "{",
      '{"t":"event","version":9,"at":0,"body":{"kind":"language","language":"go"}}',
      '{"t":"event","version":2,"at":0,"body":{"kind":"edit","edits":[{"file":"mainmain","changes":[3]}]}}',
      '{"t":"event","version":2,"at":0,"body":{"kind":"edit","edits":[{"file":"nosuchfile","changes":[3]}]}}',
      '{"t":"event","version":2,"at":0,"body":{"kind":"edit","edits":[{"file":"mainmain","changes":["x"]}]}}',
      '{"t":"catchup","from":5,"to":9,"events":[],"edits":[]}',
    ];
    for (const frame of bad) {
      const { a, server, clock } = await scene(["aaaaaaaa"]);
      a.type("kept", 0);
      for (const end of server.ends) (end as unknown as { out: (f: string) => void }).out(frame);
      await clock.advance(2000);
      expect(a.network.connects, frame).toBe(2);
      expect(a.text()).toBe("kepthello\nworld\n");
      expect(a.client.view()).toMatchObject({ connection: "online", save: { kind: "saved" }, diverged: 1 });
      expect(server.text()).toBe(a.text());
    }
  });

  it("let newer servers say things that this client does not know", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    for (const end of server.ends) (end as unknown as { out: (f: string) => void }).out('{"t":"weather","sun":true}\n\n{"t":"pong","more":1}');
    server.append({ version: 0, at: 0, body: { kind: "voice" } as never });
    server.edit(ChangeSet.of({ from: 0, insert: "x" }, 12));
    await clock.advance(1);
    expect(a.text()).toBe("xhello\nworld\n");
    expect(a.client.view()).toMatchObject({ diverged: 0, save: { kind: "saved", version: 3 } });
  });
});
