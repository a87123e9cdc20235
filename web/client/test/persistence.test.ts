import { ChangeSet } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { memoryOutbox, RoomClient, type Outbox, type Saved } from "../src/index";
import type { Typist } from "./support/typist";
import { scene } from "./support/typist";

async function offline(a: Typist): Promise<void> {
  a.network.refusing = true;
  a.network.cut();
  await a.clock.advance(10);
}

async function online(a: Typist): Promise<void> {
  a.network.refusing = false;
  a.client.reconnectNow();
  await a.clock.advance(2000);
}

describe("what is kept", () => {
  it("survives the end of the process, without a network", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    a.type("1", 0);
    await clock.advance(1);
    await offline(a);
    a.type("2", 0);
    const file = a.client.createFile("new.py", "new");
    a.follow();
    a.type("er", undefined, file);
    await clock.advance(100);
    a.die();
    await clock.advance(1000);
    await a.rise();
    expect(a.client.view()).toMatchObject({ status: "ready", save: { kind: "offline", characters: 6 } });
    expect(a.client.view().connection).not.toBe("online");
    expect(a.text()).toBe("21hello\nworld\n");
    expect(a.text(file)).toBe("newer");
    a.type("3", 0);
    server.edit(ChangeSet.of({ from: 13, insert: "remote" }, 13));
    await online(a);
    expect(server.text()).toBe("321hello\nworld\nremote");
    expect(server.text(file)).toBe("newer");
    expect(a.text()).toBe(server.text());
    a.checkEditors();
    expect(server.heard.filter((m) => m.t === "join").at(-1)).toMatchObject({ client: "aaaaaaaa", resume: 2 });
    expect(a.client.view()).toMatchObject({ save: { kind: "saved" }, diverged: 0 });
  });

  it("is at most 100 ms old, and at once when asked", async () => {
    const { a, clock } = await scene(["aaaaaaaa"]);
    await offline(a);
    const saved = async (): Promise<string> => JSON.stringify((await a.outbox.load("room", a.id))?.entries ?? []);
    a.type("one", 0);
    await clock.advance(100);
    expect(await saved()).toContain("one");
    a.type("two", 0);
    expect(await saved()).not.toContain("two");
    await a.client.flush();
    expect(await saved()).toContain("two");
  });

  it("holds a batch before it is sent", async () => {
    const order: string[] = [];
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    const { save } = a.outbox;
    a.outbox.save = async (room, s) => {
      await save(room, s);
      if (s.inFlight) order.push(`save ${s.inFlight.seq}`);
    };
    const message = server.message.bind(server);
    server.message = (end, m) => {
      if (m.t === "batch") order.push(`send ${m.seq}`);
      message(end, m);
    };
    a.type("x", 0);
    await clock.advance(1);
    a.type("y", 0);
    await clock.advance(1);
    expect(order.filter((s, i) => s !== order[i - 1])).toEqual(["save 1", "send 1", "save 2", "send 2"]);
  });

  it("does not hold up sending for ever", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    a.outbox.save = () => new Promise(() => undefined);
    a.type("x", 0);
    await clock.advance(500);
    expect(server.version).toBe(1);
    await clock.advance(600);
    expect(server.version).toBe(2);
    a.type("y", 0);
    await clock.advance(1);
    expect(server.version).toBe(3);
    a.outbox.save = () => Promise.reject(new Error("full"));
    expect(a.reports.map((r) => r.kind)).toEqual(["outbox"]);
  });

  it("that cannot be written or read is reported, and no more", async () => {
    const broken: Outbox = {
      load: () => Promise.reject(new Error("no access")),
      save: () => {
        throw new Error("quota");
      },
      clear: () => Promise.reject(new Error("no access")),
    };
    const { a, server, clock } = await scene(["aaaaaaaa"], { outbox: broken });
    a.type("x", 0);
    await clock.advance(10);
    expect(server.text()).toBe("xhello\nworld\n");
    await a.client.flush();
    expect(new Set(a.reports.map((r) => r.detail))).toEqual(new Set(["Error: no access", "Error: quota"]));
  });

  it("that cannot be written is said to be fleeting, until it can", async () => {
    const { a, clock } = await scene(["aaaaaaaa"]);
    const { save } = a.outbox;
    await offline(a);
    a.type("x", 0);
    await clock.advance(200);
    expect(a.client.view().save).toEqual({ kind: "offline", characters: 1 });
    a.outbox.save = () => Promise.reject(new Error("the disk is full"));
    a.type("y", 0);
    await clock.advance(200);
    expect(a.client.view().save).toEqual({ kind: "offline", characters: 2, fleeting: true });
    a.outbox.save = save; // there is room again, and nobody types
    await clock.advance(6000);
    expect(a.client.view().save).toEqual({ kind: "offline", characters: 2 });
    expect(JSON.stringify(await a.outbox.load("room", a.id))).toContain("yx");
  });

  it("has a snapshot now and then, and the events since", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    const bases = new Set<unknown>();
    let saves = 0;
    const { save } = a.outbox;
    a.outbox.save = (room, s) => {
      bases.add(s.base);
      saves++;
      return save(room, s);
    };
    for (let i = 0; i < 200; i++) {
      a.type("x", 0);
      server.edit(ChangeSet.of({ from: 0, insert: "." }, server.text().length));
      await clock.advance(20);
    }
    expect(saves).toBeGreaterThan(100);
    expect(bases.size).toBeGreaterThan(1);
    expect(bases.size).toBeLessThan(5);
    a.die();
    await a.rise();
    await clock.advance(10);
    expect(a.text()).toBe(server.text());
    expect(a.client.view()).toMatchObject({ diverged: 0, save: { kind: "saved" } });
  });

  it("that cannot be read now is not written over", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    await offline(a);
    a.type("kept", 0);
    await clock.advance(100);
    a.die();
    const { load } = a.outbox;
    a.outbox.load = () => new Promise(() => undefined); // a disk that is asleep
    const rising = a.rise();
    await clock.advance(6000);
    await rising;
    expect(a.client.view().save).toMatchObject({ characters: 0 });
    await online(a);
    a.type("new", 0);
    await clock.advance(30_000);
    expect(server.text()).toBe("newhello\nworld\n");
    a.die();
    a.outbox.load = load;
    await a.rise();
    await online(a);
    expect(server.text()).toContain("kept");
  });

  it("that is damaged is left aside, and what can be read of it is recovered", async () => {
    const { a, clock } = await scene(["aaaaaaaa"]);
    await offline(a);
    a.type("precious", 0);
    a.type("second", undefined);
    await a.client.flush();
    const good = (await a.outbox.load("room", a.id)) as Saved;
    a.die();
    const cut = good.entries.map((e) => ("edits" in e ? { edits: e.edits.map((x) => ({ ...x, changes: [99, [0, "precious"]] })) } : e));
    const damaged: unknown[] = [
      { ...good, format: 2 },
      { ...good, base: undefined },
      { ...good, base: { ...good.base, files: [] } },
      { ...good, events: [{ version: 99, at: 0, body: { kind: "language", language: "go" } }] },
      { ...good, entries: cut },
      { ...good, entries: [null, 5, {}, { edits: [{ file: 1, changes: "x" }] }] },
      { ...good, seq: "x" },
      { ...good, client: "!" },
      { ...good, recovered: 5 },
      { ...good, entries: [], inFlight: { client: "aaaaaaaa", seq: 1, base: 1, body: { kind: "edit", edits: [] } } },
      "nonsense",
      5,
    ];
    for (const d of damaged) {
      a.network.refusing = false;
      a.outbox.load = () => Promise.resolve(d as Saved);
      a.reports.length = 0;
      await a.rise();
      await clock.advance(3000);
      const view = a.client.view();
      expect(view, JSON.stringify(d)).toMatchObject({ status: "ready", save: { kind: "saved", version: 1 } });
      expect(a.text()).toBe("hello\nworld\n");
      expect(a.reports.map((r) => r.kind), JSON.stringify(d)).toEqual(["outbox-damaged"]);
      if (JSON.stringify(d).includes("precious")) {
        expect(view.recovered.map((r) => r.text).join()).toContain("precious");
      }
      a.die();
    }
  });

  it("of recovered text stays until it is dismissed", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    server.refuse = () => ({ code: "bad_edit", message: "No." });
    a.type("lost", 0);
    await clock.advance(200);
    a.die();
    await a.rise();
    await clock.advance(10);
    expect(a.client.view().recovered).toMatchObject([{ text: "lost" }]);
    a.client.dismissRecovered(a.client.view().recovered[0]?.id ?? "");
    await clock.advance(200);
    a.die();
    await a.rise();
    expect(a.client.view().recovered).toEqual([]);
  });

  it.each([Infinity, 0])("and is older than the log is not sent a second time (catch-up past %d events)", async (most) => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    server.catchupAfter = most;
    await offline(a);
    a.type("once", 0);
    await a.client.flush();
    const old = await a.outbox.load("room", a.id);
    await online(a);
    expect(server.text()).toBe("oncehello\nworld\n");
    a.type("!");
    await clock.advance(10);
    a.die();
    a.outbox.load = () => Promise.resolve(old); // the disk went back in time
    await a.rise();
    await clock.advance(3000);
    expect(server.text()).toBe("oncehello\nworld\n!");
    expect(a.text()).toBe(server.text());
    a.type("?");
    await clock.advance(10);
    expect(server.text()).toBe("oncehello\nworld\n!?");
  });
});

describe("two tabs", () => {
  it("have a client id and edits each, and a third adopts what one left behind", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    const locks = new Set<string>();
    const outbox = memoryOutbox();
    const tab = (): RoomClient =>
      new RoomClient({
        room: "room", connect: a.network.connect, outbox, name: "tab", color: 0, clock, random: a.random.next,
        acquireClientId: async (room) => {
          const saved = await outbox.load(room);
          return saved !== undefined && !locks.has(saved.client) ? saved.client : undefined;
        },
        onClientId: (id) => locks.add(id),
      });
    const [one, two] = [tab(), tab()];
    await one.start();
    await clock.advance(10);
    await one.flush();
    await two.start();
    await clock.advance(10);
    expect(locks.size).toBe(2);
    a.network.refusing = true;
    a.network.cut();
    await clock.advance(10);
    two.edit("mainmain", ChangeSet.of({ from: 0, insert: "2" }, 12));
    one.edit("mainmain", ChangeSet.of({ from: 0, insert: "1" }, 12));
    await two.flush();
    await one.flush();
    const [first] = locks;
    one.close();
    locks.delete(first ?? "");
    await clock.advance(10);
    const three = tab();
    await three.start();
    expect(three.text("mainmain").toString()).toBe("1hello\nworld\n");
    a.network.refusing = false;
    three.reconnectNow();
    two.reconnectNow();
    await clock.advance(1000);
    expect([...server.text()].sort().join("")).toContain("12");
    expect(three.text("mainmain").toString()).toBe(server.text());
    expect(two.text("mainmain").toString()).toBe(server.text());
  });

  it("that use one client id lose nothing", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    const ids: string[] = [];
    const twin = new RoomClient({
      room: "room", connect: a.network.connect, outbox: memoryOutbox(), name: "twin", color: 0, clock, random: a.random.next,
      clientId: "aaaaaaaa", onClientId: (id) => ids.push(id),
    });
    await twin.start();
    await clock.advance(10);
    a.type("A", 0);
    twin.edit("mainmain", ChangeSet.of({ from: 0, insert: "T" }, 12));
    await clock.advance(20_000);
    twin.edit("mainmain", ChangeSet.of({ from: 0, insert: "U" }, twin.text("mainmain").length));
    a.type("B", 0);
    await clock.advance(20_000);
    expect(twin.text("mainmain").toString()).toBe(server.text());
    expect(a.text()).toBe(server.text());
    const all = server.text() + [...a.client.view().recovered, ...twin.view().recovered].map((r) => r.text).join("");
    for (const c of "ATUB") expect(all.split(c).length, c).toBe(2);
    expect(a.client.view().save.kind).toBe("saved");
    expect(twin.view().save.kind).toBe("saved");
  });
});
