import { ChangeSet } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import type { BatchMessage } from "../src/wire.gen";
import { scene } from "./support/typist";

describe("editing", () => {
  it("begins with a snapshot, and shows what others type", async () => {
    const { a, b, server, clock } = await scene(["aaaaaaaa", "bbbbbbbb"]);
    expect(a.client.view()).toMatchObject({ status: "ready", connection: "online", save: { kind: "saved", version: 1 }, role: "editor" });
    a.type("one ", 0);
    expect(a.client.view().save).toEqual({ kind: "sending", characters: 4 });
    expect(a.client.unsent()).toBe(4);
    b.type(" two", 5);
    await clock.advance(10);
    expect(server.text()).toBe("one hello two\nworld\n");
    for (const t of [a, b]) {
      expect(t.text()).toBe(server.text());
      t.checkEditors();
      expect(t.client.view().save).toEqual({ kind: "saved", version: 3 });
      expect(t.client.unsent()).toBe(0);
    }
  });

  it("sends one batch at a time, and composes what is typed meanwhile", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    for (const c of "quick") a.type(c);
    await clock.advance(10);
    const batches = server.heard.filter((m): m is BatchMessage => m.t === "batch");
    expect(batches.map((m) => m.body)).toEqual([
      { kind: "edit", edits: [{ file: "mainmain", changes: [12, [0, "q"]] }] },
      { kind: "edit", edits: [{ file: "mainmain", changes: [13, [0, "uick"]] }] },
    ]);
    expect(batches.map((m) => m.seq)).toEqual([1, 2]);
  });

  it("keeps words whole that are typed at one place", async () => {
    const { a, b, server, clock } = await scene(["aaaaaaaa", "bbbbbbbb"], {}, "");
    a.network.weather.delay = b.network.weather.delay = 50;
    a.carets.set("mainmain", 0);
    b.carets.set("mainmain", 0);
    for (let i = 0; i < 12; i++) {
      for (const [t, word] of [[a, "ALPHALPHABET"], [b, "omegaomegasx"]] as const) {
        const at = t.carets.get("mainmain") ?? 0;
        t.type(word.charAt(i), at);
        t.carets.set("mainmain", at + 1);
      }
      await clock.advance(17);
    }
    await clock.advance(1000);
    expect(server.text()).toBe("ALPHALPHABETomegaomegasx");
    expect(a.text()).toBe(server.text());
    expect(b.text()).toBe(server.text());
  });

  it("sends edits of two files together, and commands in their order", async () => {
    const { a, b, server, clock } = await scene(["aaaaaaaa", "bbbbbbbb"]);
    const other = a.client.createFile("notes.md", "n\r\notes");
    expect(a.client.view().files).toEqual([
      { id: "mainmain", name: "main.py" },
      { id: other, name: "notes.md", pending: true },
    ]);
    expect(a.text(other)).toBe("n\notes");
    a.follow();
    a.type("!", undefined, other);
    a.type("?", 0);
    a.client.renameFile(other, "read.me");
    a.client.setLanguage("go");
    a.client.setTitle("Ours");
    a.client.setSettings({ tab_width: 3, indent: "tabs" });
    a.client.run({ file: "mainmain", language: "go" });
    expect(a.client.view().language).toBe("python");
    await clock.advance(10);
    expect(server.log.slice(1).map((e) => e.body.kind)).toEqual(["create", "edit", "rename", "language", "title", "settings", "run"]);
    for (const t of [a, b]) {
      expect(t.client.view().files).toEqual([{ id: "mainmain", name: "main.py" }, { id: other, name: "read.me" }]);
      expect(t.text(other)).toBe("n\notes!");
      expect(t.text()).toBe("?hello\nworld\n");
      expect(t.client.view().language).toBe("go");
      expect(t.client.view().title).toBe("Ours");
      expect(t.client.view().settings).toEqual({ tab_width: 3, indent: "tabs" });
      expect(t.client.view().runs).toMatchObject([{ run: 8, by: "aaaaaaaa", state: "requested" }]);
      t.checkEditors();
    }
    a.client.deleteFile(other);
    await clock.advance(10);
    expect(b.client.view().files).toEqual([{ id: "mainmain", name: "main.py" }]);
    expect(b.client.text(other).length).toBe(0);
  });

  it("takes the name that the server gives", async () => {
    const { a, clock } = await scene(["aaaaaaaa"]);
    a.client.createFile("main.py");
    await clock.advance(10);
    expect(a.client.view().files.map((f) => f.name)).toEqual(["main.py", "main (2).py"]);
  });

  it("says no to what the server would refuse", async () => {
    const { a, clock, server } = await scene(["aaaaaaaa"]);
    server.limits = { batch_bytes: 10_000, file_units: 20_000, files: 5, chat_units: 100 };
    a.network.cut();
    await clock.advance(1000);
    const length = a.client.text("mainmain").length;
    const long = ChangeSet.of({ from: 0, insert: "x".repeat(19_999) }, length);
    expect(a.client.canEdit("mainmain", long)).toMatchObject({ ok: false, message: expect.stringContaining("limit is 20,000") as string });
    const large = ChangeSet.of({ from: 0, insert: "é".repeat(6000) }, length);
    expect(a.client.canEdit("mainmain", large)).toMatchObject({ ok: false, message: expect.stringContaining("at once") as string });
    expect(() => a.client.edit("mainmain", large)).toThrow(RangeError);
    expect(a.client.canEdit("nosuchfile", long)).toMatchObject({ ok: false });
    expect(a.client.canEdit("mainmain", ChangeSet.empty(3))).toMatchObject({ ok: false });
    const half = ChangeSet.of({ from: 0, insert: "\ud83d" }, length);
    expect(a.client.canEdit("mainmain", half)).toMatchObject({ ok: false, message: expect.stringContaining("half") as string });
    expect(a.client.canEdit("mainmain", ChangeSet.of({ from: 0, insert: "fine" }, length))).toEqual({ ok: true });
    expect(a.client.unsent()).toBe(0);
  });

  it("splits what was typed offline into batches below the limit", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    server.limits = { batch_bytes: 10_000, file_units: 200_000, files: 5, chat_units: 100 };
    a.network.cut();
    await clock.advance(1000);
    a.network.refusing = true;
    a.network.cut();
    for (let i = 0; i < 30; i++) a.type("x".repeat(1000));
    a.network.refusing = false;
    a.client.reconnectNow();
    await clock.advance(1000);
    expect(server.text()).toBe(a.text());
    for (const m of server.heard) expect(JSON.stringify(m).length).toBeLessThan(10_000);
  });

  it("gives the same view until something changes, and tells once for many changes", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    const before = a.client.view();
    expect(a.client.view()).toBe(before);
    let told = 0;
    const stop = a.client.subscribe(() => told++);
    for (let i = 0; i < 20; i++) server.edit(ChangeSet.of({ from: 0, insert: "x" }, 12 + i));
    await clock.advance(1);
    expect(told).toBeLessThanOrEqual(20);
    const after = a.client.view();
    expect(after).not.toBe(before);
    expect(after.files).toBe(before.files);
    expect(after.runs).toBe(before.runs);
    expect(after.people).toBe(before.people);
    told = 0;
    for (let i = 0; i < 20; i++) a.type("y");
    await Promise.resolve();
    expect(told).toBe(1);
    stop();
    a.type("z");
    await clock.advance(1);
    expect(told).toBe(1);
  });

  it("survives an editor that throws", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    a.client.onEdit("mainmain", () => {
      throw new Error("boom");
    });
    server.edit(ChangeSet.of({ from: 0, insert: "x" }, 12));
    await clock.advance(1);
    expect(a.text()).toBe(server.text());
    expect(a.reports).toEqual([{ kind: "editor", detail: "Error: boom" }]);
  });
});
