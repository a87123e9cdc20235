import { ChangeSet } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { hasUnsent } from "../src/outbox";
import type { BatchMessage } from "../src/wire.gen";
import { scene } from "./support/typist";

const batches = (heard: readonly { t: string }[]): BatchMessage[] => heard.filter((m): m is BatchMessage => m.t === "batch");

describe("refusals", () => {
  it("take a batch back out of the text, keep the rest, and keep what was typed", async () => {
    const { a, b, server, clock } = await scene(["aaaaaaaa", "bbbbbbbb"]);
    a.network.weather.delay = 20;
    server.refuse = (m, client) => (client === a.id && m.seq === 1 ? { code: "bad_edit", message: "This edit is bad." } : undefined);
    a.change("mainmain", 0, 5, "BAD");
    await clock.advance(1);
    a.type("good", 3); // inside of what is about to be refused, and after it
    b.type("b", 12);
    const infos: string[] = [];
    a.client.onEdit("mainmain", (_, info) => infos.push(info.kind));
    await clock.advance(200);
    expect(infos).toContain("rollback");
    a.checkEditors();
    expect(a.text()).toBe(server.text());
    expect(server.text()).toBe("hellogood\nworld\nb");
    expect(a.client.view().recovered).toMatchObject([
      { file: "mainmain", name: "main.py", text: "BAD", reason: "This edit is bad." },
    ]);
    expect(batches(server.heard).filter((m) => m.seq === 2).length).toBeGreaterThan(0); // 1 is not used again
    const [recovered] = a.client.view().recovered;
    a.client.dismissRecovered(recovered?.id ?? "");
    expect(a.client.view().recovered).toEqual([]);
  });

  it("with retry keep the batch and send the same again, later and later", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    let left = 3;
    server.refuse = () => (left-- > 0 ? { code: "slow_down", message: "Slower.", retry: true } : undefined);
    const start = clock.now();
    a.type("x", 0);
    await clock.advance(1);
    expect(a.client.view().save).toEqual({ kind: "sending", characters: 1 });
    while (server.version < 2) await clock.advance(50);
    expect(clock.now() - start).toBeGreaterThan(125 + 250 + 500);
    expect(clock.now() - start).toBeLessThan(3000);
    const sent = batches(server.heard);
    expect(sent.length).toBe(4);
    expect(new Set(sent.map((m) => JSON.stringify(m))).size).toBe(1);
    expect(a.client.view().recovered).toEqual([]);
  });

  it("of a room that takes no edits are shown, and the edits kept until it does", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    server.setWritable(false);
    await clock.advance(1);
    expect(a.client.view().save).toEqual({ kind: "read-only", characters: 0, reason: "The disk is full." });
    a.type("kept", 0);
    await clock.advance(20_000);
    expect(a.client.view().save).toEqual({ kind: "read-only", characters: 4, reason: "The disk is full." });
    server.setWritable(true);
    await clock.advance(1);
    expect(a.client.view().save).toEqual({ kind: "saved", version: 2 });
    expect(server.text()).toBe("kepthello\nworld\n");
  });

  it("for size without a number mean the batch in flight", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    server.refuse = () => ({ code: "too_large", message: "Too large.", seq: 0 }) as never;
    a.type("huge", 0);
    await clock.advance(1);
    expect(a.text()).toBe("hello\nworld\n");
    expect(a.client.view().recovered).toMatchObject([{ text: "huge", reason: "Too large." }]);
    expect(a.client.view().save).toEqual({ kind: "saved", version: 1 });
  });

  it("of one file of several leave the others", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    server.append({ version: 0, at: 0, body: { kind: "create", file: "otherfile", name: "o", text: "o" } });
    await clock.advance(1);
    a.network.weather.delay = 10;
    a.type("1"); // in flight alone
    a.type("2");
    a.type("3", 0, "otherfile");
    server.refuse = (m) =>
      m.body.kind === "edit" && m.body.edits.some((e) => e.file === "otherfile") ? { code: "bad_edit", message: "No." } : undefined;
    await clock.advance(200);
    expect(server.text()).toBe("hello\nworld\n12");
    expect(a.client.view().recovered).toMatchObject([{ file: "otherfile", text: "3" }]);
    expect(a.text("otherfile")).toBe("o");
    a.checkEditors();
  });

  it("of commands become notices", async () => {
    const { a, clock } = await scene(["aaaaaaaa"]);
    const file = a.client.createFile("/bad", "my text");
    a.follow();
    a.type(" more", undefined, file);
    a.client.renameFile(file, "better");
    a.client.renameFile("nosuchfile", "x");
    await clock.advance(1);
    const view = a.client.view();
    expect(view.files.map((f) => f.id)).toEqual(["mainmain"]);
    expect(view.recovered).toMatchObject([{ file, name: "/bad", text: "my text more" }]);
    expect(view.notices.map((n) => n.text)).toEqual(["This is no name for a file.", "The file is gone."]);
    a.client.dismissNotice(view.notices[0]?.id ?? 0);
    expect(a.client.view().notices.length).toBe(1);
    expect(view.save).toEqual({ kind: "saved", version: 1 });
  });

  it("that are for an earlier batch are ignored", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    a.type("x", 0);
    await clock.advance(1);
    for (const end of server.ends) end.say({ t: "error", seq: 1, code: "bad_edit", message: "late" });
    a.type("y", 0);
    await clock.advance(1);
    expect(a.text()).toBe("yxhello\nworld\n");
    expect(a.client.view().recovered).toEqual([]);
  });
});

describe("deleted files", () => {
  it("hand out what was typed into them", async () => {
    const { a, b, server, clock } = await scene(["aaaaaaaa", "bbbbbbbb"]);
    server.append({ version: 0, at: 0, body: { kind: "create", file: "otherfile", name: "o", text: "o" } });
    server.append({ version: 0, at: 0, by: "bbbbbbbb", body: { kind: "person", person: "bbbbbbbb", name: "Ben", color: 3 } });
    await clock.advance(1);
    a.network.weather.delay = 50;
    a.type("in flight");
    a.type(" both 1");
    a.type("typed", 1, "otherfile");
    b.client.deleteFile("otherfile");
    await clock.advance(1);
    expect(server.files.has("otherfile")).toBe(false);
    await clock.advance(500);
    expect(a.client.view().files.map((f) => f.id)).toEqual(["mainmain"]);
    expect(a.client.view().recovered).toMatchObject([{ file: "otherfile", name: "o", text: "typed", reason: "Ben deleted the file." }]);
    expect(server.text()).toBe("hello\nworld\nin flight both 1");
    expect(a.client.view().save).toEqual({ kind: "saved", version: server.version });
    expect(a.client.view().people).toEqual([{ person: "bbbbbbbb", name: "Ben", color: 3 }]);
  });

  it("send what the same batch had for another file", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    server.append({ version: 0, at: 0, body: { kind: "create", file: "otherfile", name: "o", text: "o" } });
    await clock.advance(1);
    a.network.refusing = true;
    a.network.cut();
    await clock.advance(10);
    a.type("here");
    a.type("gone", 0, "otherfile");
    a.network.refusing = false;
    server.append({ version: 0, at: 0, body: { kind: "delete", file: "otherfile" } });
    a.client.reconnectNow();
    await clock.advance(100);
    expect(server.text()).toBe("hello\nworld\nhere");
    expect(a.client.view().recovered).toMatchObject([{ text: "gone" }]);
  });

  it("are deleted once, whoever asks", async () => {
    const { a, b, server, clock } = await scene(["aaaaaaaa", "bbbbbbbb"]);
    a.network.weather.delay = b.network.weather.delay = 20;
    a.client.deleteFile("mainmain");
    b.client.deleteFile("mainmain");
    await clock.advance(200);
    expect(server.version).toBe(2);
    for (const t of [a, b]) expect(t.client.view()).toMatchObject({ files: [], notices: [], save: { kind: "saved" } });
  });
});

describe("fatal errors", () => {
  it("stop the client, and say why", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    for (const end of server.ends) {
      end.say({ t: "error", code: "bad_protocol", message: "Reload the page.", fatal: true });
      end.close();
    }
    const before = a.network.connects;
    await clock.advance(60_000);
    a.client.reconnectNow();
    await clock.advance(1000);
    expect(a.network.connects).toBe(before);
    expect(a.client.view()).toMatchObject({ status: "refused", connection: "offline", error: { code: "bad_protocol", message: "Reload the page." } });
    expect(a.client.view().retryAt).toBeUndefined();
  });

  it("of somebody who is signed out keep what was typed, and send it once they are back", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    a.type("1", 0);
    await clock.advance(1);
    for (const link of a.network.links) link.lost.out = true; // the last of it gets lost on the way
    a.type("2", 1);
    for (const end of server.ends) {
      end.say({ t: "error", code: "signed_out", message: "You are signed out.", fatal: true });
      end.close();
    }
    await clock.advance(1);
    a.type("3", 2);
    a.network.person = "somebody"; // whom the server takes them for now
    const before = a.network.connects;
    await clock.advance(60_000);
    a.client.reconnectNow();
    await clock.advance(1000);
    expect(a.network.connects).toBe(before);
    expect(a.client.view()).toMatchObject({ status: "ready", signedOut: true, save: { kind: "offline", characters: 2 }, recovered: [] });
    expect(a.text()).toBe("123hello\nworld\n");
    expect(hasUnsent((await a.outbox.load("room", "aaaaaaaa"))!)).toBe(true);
    a.network.person = "ada";
    a.client.signedIn();
    await clock.advance(1000);
    expect(server.text()).toBe("123hello\nworld\n");
    expect(a.client.view()).toMatchObject({ save: { kind: "saved" }, recovered: [] });
    expect(a.client.view().signedOut).toBeUndefined();
  });

  it("by HTTP say the same to whoever connects after their session has ended", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    a.network.unknown = true;
    a.network.cut();
    await clock.advance(1000);
    a.type("1", 0);
    expect(a.client.view()).toMatchObject({ connection: "offline", signedOut: true });
    expect(a.client.view().retryAt).toBeUndefined();
    a.network.unknown = false;
    await clock.advance(60_000);
    expect(server.text()).toBe("hello\nworld\n");
    a.client.signedIn();
    await clock.advance(1000);
    expect(server.text()).toBe("1hello\nworld\n");
  });

  it("with retry do not stop it", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    for (const end of server.ends) {
      end.say({ t: "error", code: "room_full", message: "Full.", fatal: true, retry: true });
      end.close();
    }
    await clock.advance(1);
    expect(a.client.view()).toMatchObject({ status: "ready", connection: "offline", error: { code: "room_full" } });
    await clock.advance(1000);
    expect(a.client.view().connection).toBe("online");
    expect(a.client.view().error).toBeUndefined();
  });

  it("of a client id that is taken make another, under which the unsent is sent", async () => {
    const changed: string[] = [];
    const { a, server, clock } = await scene(["aaaaaaaa"], { onClientId: (id) => changed.push(id) });
    a.type("1", 0);
    await clock.advance(1);
    a.network.refusing = true;
    a.network.cut();
    await clock.advance(10);
    a.type("2", 0);
    a.network.person = "somebody"; // the login has expired: another guest now
    a.network.refusing = false;
    a.client.reconnectNow();
    await clock.advance(1000);
    expect(server.text()).toBe("21hello\nworld\n");
    expect(changed.length).toBe(2);
    expect(changed[0]).toBe("aaaaaaaa");
    expect(server.log.at(-1)).toMatchObject({ by: "somebody", client: changed[1], seq: 1 });
    expect(a.client.view()).toMatchObject({ status: "ready", save: { kind: "saved" }, diverged: 0 });
    await clock.advance(3000);
    expect(await a.outbox.load("room", "aaaaaaaa")).toBeUndefined();
    expect(await a.outbox.load("room", changed[1])).toMatchObject({ client: changed[1], entries: [] });
  });

  it("of a taken id send no batch twice that had arrived", async () => {
    for (const arrived of [true, false]) {
      const { a, server, clock } = await scene(["aaaaaaaa"]);
      a.type("0", 0);
      await clock.advance(1);
      for (const link of a.network.links) link.lost[arrived ? "in" : "out"] = true;
      a.type("1", 0);
      await clock.advance(1);
      a.type("2", 1);
      server.edit(ChangeSet.of({ from: 0, insert: "z" }, server.text().length));
      a.network.person = "somebody";
      a.network.cut();
      await clock.advance(2000);
      expect(server.text()).toBe(arrived ? "z120hello\nworld\n" : "12z0hello\nworld\n");
      expect(a.text()).toBe(server.text());
      expect(a.client.view()).toMatchObject({ save: { kind: "saved" }, diverged: 0, recovered: [] });
    }
  });
});
