import { ChangeSet } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { scene, type Typist } from "./support/typist";

const peer = (t: Typist, of: Typist) => t.client.view().peers.find((p) => p.client === of.id);

describe("presence", () => {
  it("shows where others are, and that one of them is me", async () => {
    const { a, b, clock } = await scene(["aaaaaaaa", "bbbbbbbb"]);
    a.client.setCaret("mainmain", 3, 7);
    await clock.advance(60);
    expect(peer(b, a)).toMatchObject({ name: "aaaaaaaa", file: "mainmain", anchor: 3, head: 7, away: false, me: false });
    expect(peer(a, a)?.me).toBe(true);
    a.client.setAway(true);
    await clock.advance(60);
    expect(peer(b, a)?.away).toBe(true);
    a.client.setCaret(undefined, 0, 0);
    await clock.advance(60);
    expect(peer(b, a)).not.toHaveProperty("file");
  });

  it("sends at most every 50 ms, and the last one", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    for (let i = 0; i < 100; i++) {
      a.client.setCaret("mainmain", i % 12, i % 12);
      await clock.advance(5);
    }
    await clock.advance(100);
    const sent = server.heard.filter((m) => m.t === "presence");
    expect(sent.length).toBeGreaterThan(5);
    expect(sent.length).toBeLessThanOrEqual(11);
    expect(sent.at(-1)).toMatchObject({ anchor: 3, head: 3 });
  });

  it("moves with what is typed, without being sent again", async () => {
    const { a, b, server, clock } = await scene(["aaaaaaaa", "bbbbbbbb"]);
    a.client.setCaret("mainmain", 5, 5);
    await clock.advance(60);
    const sent = (): number => server.heard.filter((m) => m.t === "presence").length;
    const before = sent();
    for (let i = 0; i < 20; i++) {
      a.type("x", 5 + i);
      a.client.setCaret("mainmain", 6 + i, 6 + i);
      await clock.advance(30);
    }
    await clock.advance(100);
    expect(peer(b, a)).toMatchObject({ anchor: 25, head: 25 });
    expect(sent()).toBe(before);
    b.type("yy", 0);
    await clock.advance(10);
    expect(peer(b, a)?.head).toBe(27);
    b.type("zz", 27); // at the caret of a, which stays where it is
    await clock.advance(10);
    expect(peer(b, a)?.head).toBe(27);
    expect([...server.peers.values()].find((p) => p.client === a.id)?.head).toBe(27);
  });

  it("speaks of committed text: unconfirmed edits are taken out of a caret, and into those of others", async () => {
    const { a, b, server, clock } = await scene(["aaaaaaaa", "bbbbbbbb"]);
    b.client.setCaret("mainmain", 11, 8);
    await clock.advance(60);
    for (const link of a.network.links) link.lost.in = true; // nothing is confirmed any more
    a.type("1234", 2);
    a.change("mainmain", 6, 8, "");
    expect(peer(a, b)).toMatchObject({ anchor: 13, head: 10 });
    a.client.setCaret("mainmain", 12, 4);
    await clock.advance(60);
    expect(server.heard.filter((m) => m.t === "presence").at(-1)).toMatchObject({ version: 1, anchor: 10, head: 2 });
    a.network.cut();
    await clock.advance(2000);
    expect(a.client.view().save.kind).toBe("saved");
    expect(peer(b, a)).toMatchObject({ anchor: 12, head: 4 });
    expect(peer(a, b)).toMatchObject({ anchor: 13, head: 10 });
  });

  it("of a file that is not confirmed or deleted is nowhere", async () => {
    const { a, b, server, clock } = await scene(["aaaaaaaa", "bbbbbbbb"]);
    a.network.weather.delay = 200;
    const file = a.client.createFile("new.py", "text");
    a.client.setCaret(file, 2, 2);
    await clock.advance(1000);
    expect(peer(b, a)).toMatchObject({ file, head: 2 });
    b.client.deleteFile(file);
    await clock.advance(1000);
    expect(peer(b, a)).not.toHaveProperty("file");
    expect(peer(a, a)).not.toHaveProperty("file");
    expect(server.files.has(file)).toBe(false);
  });

  it("is told again on a new connection, and forgets who has left", async () => {
    const { a, b, clock } = await scene(["aaaaaaaa", "bbbbbbbb"]);
    a.client.setCaret("mainmain", 4, 4);
    await clock.advance(60);
    a.network.cut();
    a.client.setProfile("Ada", 7);
    await clock.advance(1000);
    expect(peer(b, a)).toMatchObject({ name: "Ada", color: 7, file: "mainmain", anchor: 4 });
    b.network.cut();
    await clock.advance(1000);
    expect(b.client.view().peers.length).toBe(2);
    a.client.close();
    await clock.advance(10);
    expect(b.client.view().peers.map((p) => p.client)).toEqual([b.id]);
  });

  it("keeps the objects of those who have not moved", async () => {
    const { a, b, server, clock } = await scene(["aaaaaaaa", "bbbbbbbb"]);
    a.client.setCaret("mainmain", 1, 1);
    b.client.setCaret("mainmain", 9, 9);
    await clock.advance(60);
    const [one, two] = [peer(a, a), peer(a, b)];
    server.edit(ChangeSet.of({ from: 5, insert: "x" }, 12));
    await clock.advance(1);
    expect(peer(a, a)).toBe(one);
    expect(peer(a, b)).not.toBe(two);
    expect(peer(a, b)?.head).toBe(10);
  });
});

describe("runs", () => {
  it("go through their states, and keep beginning and end of the output", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    a.client.run({ file: "mainmain", language: "python", stdin: "in", args: ["x"] });
    await clock.advance(1);
    const run = (): unknown => a.client.view().runs[0];
    const say = async (m: unknown): Promise<void> => {
      for (const end of server.ends) end.say(m as never);
      await clock.advance(1);
    };
    expect(run()).toMatchObject({ run: 2, by: "aaaaaaaa", state: "requested", request: { file: "mainmain", language: "python", stdin: "in", args: ["x"] } });
    await say({ t: "run", run: 2, state: "queued", place: 3 });
    expect(run()).toMatchObject({ state: "queued", place: 3 });
    await say({ t: "run", run: 2, state: "running" });
    expect(run()).not.toHaveProperty("place");
    await say({ t: "output", run: 2, stream: "stdout", data: "a" });
    await say({ t: "output", run: 2, stream: "stdout", data: "b" });
    await say({ t: "output", run: 2, stream: "stderr", data: "c" });
    expect(run()).toMatchObject({ output: [{ stream: "stdout", data: "ab" }, { stream: "stderr", data: "c" }], omitted: 0 });
    for (let i = 0; i < 3000; i++) for (const end of server.ends) end.say({ t: "output", run: 2, stream: "stdout", data: `${i} `.padEnd(1000, "x") });
    await clock.advance(1);
    const view = a.client.view().runs[0];
    const size = view?.output.reduce((n, c) => n + c.data.length, 0) ?? 0;
    expect(size).toBeLessThan(800_000);
    expect(size + (view?.omitted ?? 0)).toBe(3_000_003);
    expect(view?.output[0]?.data.startsWith("ab")).toBe(true);
    expect(view?.output.at(-1)?.data).toContain("2999");
    expect(view?.output.filter((c) => c.omitted !== undefined).length).toBe(1);
    a.client.stop(2);
    await clock.advance(1);
    expect(server.heard.at(-1)).toEqual({ t: "stop", run: 2 });
    const finish = { run: 2, stage: "run", outcome: "stopped", wall: 1, cpu: 1, memory: 1, output: [{ stream: "stdout", data: "ab" }], omitted: 7 };
    server.append({ version: 0, at: 0, body: { kind: "finish", ...finish } });
    await clock.advance(1);
    expect(run()).toMatchObject({ state: "finished", output: finish.output, omitted: 7, finish });
    await say({ t: "output", run: 2, stream: "stdout", data: "late" });
    expect(run()).toMatchObject({ output: finish.output });
  });

  it("take what was printed while away from the join", async () => {
    const { a, server, clock } = await scene(["aaaaaaaa"]);
    a.client.run({ file: "mainmain", language: "python" });
    await clock.advance(1);
    const accept = server.accept.bind(server);
    server.accept = (person, out) =>
      accept(person, (frame) => {
        const m = frame === undefined ? undefined : (JSON.parse(frame) as { t: string; live?: unknown });
        if (m?.t === "joined") m.live = [{ run: 2, state: "running", output: [{ stream: "stdout", data: "before" }] }];
        out(m === undefined ? undefined : JSON.stringify(m));
      });
    a.network.cut();
    a.client.stop(2);
    await clock.advance(1000);
    expect(a.client.view().runs[0]).toMatchObject({ state: "running", output: [{ stream: "stdout", data: "before" }] });
    expect(server.heard.filter((m) => m.t === "stop")).toEqual([{ t: "stop", run: 2 }]);
  });
});
