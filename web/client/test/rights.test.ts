import { ChangeSet } from "@codemirror/state";
import { expect, it } from "vitest";
import { Members, mayNotEdit, mayNotRun } from "../src/members";
import { VoiceLine } from "../src/voice";
import { scene } from "./support/typist";

it("folds roles as the server does", () => {
  const members = new Members();
  members.load({ version: 1, language: "", files: [], people: [], runs: [], members: [{ person: "ann", role: "owner" }] });
  members.role({ kind: "role", person: "ben", role: "viewer" }, "ann");
  members.role({ kind: "role", person: "cyd", role: "editor" }, "cyd");
  members.role({ kind: "role", person: "dan", role: "king" }, "ann");
  members.access({ kind: "access", closed: true }, ["ben", "eve"]);
  expect(members.list()).toEqual([
    { person: "ann", role: "owner" },
    { person: "ben", role: "viewer" },
    { person: "cyd", role: "editor" },
    { person: "eve", role: "editor" },
  ]);
  const again = new Members();
  again.load({ version: 1, language: "", files: [], people: [], runs: [], ...members.snapshot() });
  expect(again.list()).toEqual(members.list());
  expect(again.closed).toBe(true);
});

it("says who may not edit", () => {
  expect([mayNotEdit("owner", true), mayNotEdit("editor", true), mayNotEdit("editor", false), mayNotEdit("viewer", false), mayNotEdit(undefined, false)]).toEqual([
    undefined, "locked", undefined, "view_only", undefined,
  ]);
});

it("folds what is said about running, and moves a guest's rights to their account, as the server does", () => {
  const members = new Members();
  members.load({ version: 1, language: "", files: [], people: [], runs: [], members: [{ person: "guest", role: "owner" }, { person: "ben", role: "editor", given: true, run: "no" }] });
  members.role({ kind: "role", person: "ben", role: "", run: "yes" }, "guest");
  members.role({ kind: "role", person: "cyd", role: "viewer", run: "no" }, "guest");
  members.role({ kind: "role", person: "cyd", role: "", run: "rule" }, "guest");
  members.role({ kind: "role", person: "account", role: "owner", from: "guest" }, "account");
  expect(members.list()).toEqual([
    { person: "ben", role: "editor", run: "yes" },
    { person: "cyd", role: "viewer" },
    { person: "account", role: "owner" },
  ]);
  members.access({ kind: "access", closed: true, visibility: "organisation", org: "o1", runners: "named" }, []);
  const again = new Members();
  again.load({ version: 1, language: "", files: [], people: [], runs: [], ...members.snapshot() });
  expect(again.list()).toEqual(members.list());
  expect(again.rules).toEqual({ closed: true, visibility: "organisation", org: "o1", runners: "named" });
});

it("folds who is muted, as the server does", () => {
  const members = new Members();
  members.load({ version: 1, language: "", files: [], people: [], runs: [], members: [{ person: "ben", role: "editor", muted: true }] });
  members.role({ kind: "role", person: "cyd", role: "", mute: "yes" }, "ann");
  members.role({ kind: "role", person: "ben", role: "viewer" }, "ann");
  members.role({ kind: "role", person: "account", role: "editor", from: "cyd" }, "account");
  expect(members.list()).toEqual([
    { person: "ben", role: "viewer", muted: true },
    { person: "account", role: "editor", muted: true },
  ]);
  const again = new Members();
  again.load({ version: 1, language: "", files: [], people: [], runs: [], ...members.snapshot() });
  expect(again.list()).toEqual(members.list());
  members.role({ kind: "role", person: "ben", role: "", mute: "no" }, "ann");
  expect([members.muted("ben"), members.muted("account"), members.muted(undefined)]).toEqual([false, true, false]);
});

it("tells of voice to those who listen, and keeps who is there", () => {
  const sent: unknown[] = [];
  const line = new VoiceLine((message) => sent.push(message) > 0);
  const heard: string[] = [];
  const stop = line.subscribe(({ t }) => heard.push(t));
  line.handle({ t: "voice_people", engine: "sfu", people: [{ client: "aaaaaaaa", person: "ann" }] });
  line.handle({ t: "voice_levels", people: [] });
  stop();
  line.handle({ t: "voice_people", engine: "sfu", people: [] });
  expect(heard).toEqual(["voice_people", "voice_levels"]);
  expect(line.people?.people).toEqual([]);
  expect(line.send({ t: "voice_ask" })).toBe(true);
  expect(sent).toEqual([{ t: "voice_ask" }]);
});

it("says who may not run", () => {
  const rules = { closed: true };
  expect(mayNotRun("viewer", undefined, false, rules)).toBe("view_only");
  expect(mayNotRun("viewer", "yes", false, rules)).toBeUndefined();
  expect(mayNotRun("viewer", "yes", true, rules)).toBe("locked");
  expect(mayNotRun("editor", "no", false, rules)).toBe("not_runner");
  expect(mayNotRun("editor", undefined, false, { ...rules, runners: "owners" })).toBe("not_runner");
  expect(mayNotRun("owner", undefined, true, { ...rules, runners: "owners" })).toBeUndefined();
  expect(mayNotRun("owner", undefined, false, { ...rules, runners: "named" })).toBe("not_runner");
});

it("waits to be let in, tells owners who waits, and asks again after a refusal", async () => {
  const { a, server, clock } = await scene(["aaaaaaaa"]);
  server.tell({ t: "knocks", people: [{ person: "ben", name: "Ben", color: 1, role: "viewer", since: 5 }] });
  await clock.advance(20);
  expect(a.client.view().knocks.map(({ name }) => name)).toEqual(["Ben"]);

  server.door = () => ({ t: "waiting", heartbeat: 5000 });
  server.restart();
  await clock.advance(20_000);
  expect(a.client.view()).toMatchObject({ status: "waiting", connection: "online", knocks: [] });
  await clock.advance(60_000); // it stays connected
  expect(a.client.view()).toMatchObject({ status: "waiting", connection: "online" });
  server.door = () => ({ t: "error", code: "passcode", message: "This room asks for a passcode.", fatal: true });
  server.restart();
  await clock.advance(20_000);
  expect(a.client.view()).toMatchObject({ status: "refused", error: { code: "passcode" } });
  server.door = () => undefined;
  a.client.tryAgain();
  await clock.advance(100);
  expect(a.client.view().status).toBe("ready");
  expect(a.client.view().error).toBeUndefined();
});

it("takes nothing from a viewer, recovers what was on its way, and lets them again when they are promoted", async () => {
  const { a, server, clock } = await scene(["aaaaaaaa"]);
  const { person = "" } = a.client.view();
  const give = (role: string): void => server.append({ version: 0, at: 0, by: "owner", body: { kind: "role", person, role } });
  expect(a.client.view().refusal).toBeUndefined();

  server.refuse = () => ({ code: "view_only", message: "You may look at this room, and not change it." });
  a.type("too late", 0);
  give("viewer");
  await clock.advance(20);
  expect(a.client.view()).toMatchObject({ role: "viewer", refusal: "view_only" });
  expect(a.client.view().recovered.map(({ text }) => text)).toEqual(["too late"]);
  expect(a.text()).toBe("hello\nworld\n");
  expect(() => a.client.edit("mainmain", ChangeSet.of({ from: 0, insert: "x" }, a.text().length))).toThrow(RangeError);
  a.client.renameFile("mainmain", "b.py");
  await clock.advance(20);
  expect(a.client.view().notices.at(-1)?.text).toContain("not change it");
  expect(a.client.view().save.kind).toBe("saved");

  server.refuse = () => undefined;
  give("editor");
  await clock.advance(20);
  a.type("x", 0);
  await clock.advance(50);
  expect(a.text()).toBe("xhello\nworld\n");
  expect(a.client.view().save.kind).toBe("saved");
});
