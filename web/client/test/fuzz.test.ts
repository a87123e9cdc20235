import { describe, expect, it } from "vitest";
import { memoryOutbox } from "../src/index";
import { FakeClock, settle } from "./support/clock";
import { Network } from "./support/network";
import { eachSeed, type Random } from "./support/random";
import { ReferenceServer } from "./support/server";
import { Typist } from "./support/typist";

type World = { random: Random; clock: FakeClock; server: ReferenceServer; typists: Typist[] };

const ids = ["bbbbbbbb", "aaaaaaaa", "dddddddd", "cccccccc"];

async function world(random: Random, people: number, text: string): Promise<World> {
  const clock = new FakeClock();
  const server = new ReferenceServer(text);
  server.heartbeat = 2000;
  const typists: Typist[] = [];
  for (const id of ids.slice(0, people)) {
    const weather = { delay: random.pick([0, 5, 60, 400]), twice: random.pick([0, 0, 3]) };
    const typist = new Typist(id, new Network(server, clock, random, weather, id), clock, random, memoryOutbox());
    await typist.start();
    typists.push(typist);
  }
  await clock.advance(1000);
  return { random, clock, server, typists };
}

/** What happens to networks and processes, good for the typist or not. */
async function trouble({ random, clock, server, typists }: World): Promise<void> {
  const t = random.pick(typists);
  switch (random.below(12)) {
    case 0:
      t.network.cut();
      break;
    case 1: // half-open: this direction is dead, and nobody is told
      for (const link of t.network.links) link.lost[random.pick(["in", "out"] as const)] = true;
      break;
    case 2:
      t.network.refusing = !t.network.refusing;
      if (t.network.refusing) t.network.cut();
      break;
    case 3:
      server.restart();
      break;
    case 4:
      server.setWritable(!server.writable);
      break;
    case 5:
      server.catchupAfter = random.pick([0, 2, 5, 20, Infinity]);
      break;
    case 6:
      t.client.reconnectNow();
      break;
    case 7: // the tab is closed in good order, and opened again
      await t.client.flush();
      t.die();
      await t.rise();
      break;
    case 8:
      await clock.advance(random.below(8000));
      break;
    default:
  }
  await clock.advance(random.below(random.pick([2, 30, 300])));
}

async function heal({ clock, server, typists }: World): Promise<void> {
  server.writable = true;
  server.restart();
  for (const t of typists) {
    t.network.refusing = false;
    t.network.cut();
  }
  for (let i = 0; i < 60; i++) {
    await clock.advance(1000);
    if (typists.every((t) => t.client.view().save.kind === "saved" && t.client.view().save.kind === "saved")) break;
  }
  await clock.advance(2000);
}

function agree({ server, typists }: World): void {
  for (const t of typists) {
    expect(t.client.view().save, t.id).toEqual({ kind: "saved", version: server.version });
    expect(t.client.view().files.map((f) => f.id)).toEqual([...server.files.keys()]);
    expect(t.client.view().files.map((f) => f.name)).toEqual([...server.files.values()].map((f) => f.name));
    for (const file of server.files.keys()) expect(t.text(file), t.id).toBe(server.text(file));
    t.checkEditors();
    expect(t.reports.filter((r) => r.kind !== "refused")).toEqual([]);
    expect(t.client.view().diverged).toBe(0);
    // Everybody sees every caret where the server has it, and the server has it where its owner left it.
    for (const peer of server.peers.values()) {
      const seen = t.client.view().peers.find((p) => p.session === peer.session);
      const want = { file: peer.file, anchor: peer.anchor, head: peer.head };
      expect({ file: seen?.file, anchor: seen?.anchor, head: seen?.head }, `${t.id} sees ${peer.client}`).toEqual(want);
      if (seen?.me === true && t.caret !== undefined && server.files.has(t.caret.file)) expect(want).toEqual(t.caret);
    }
  }
}

/** Refuses one batch in so many, and that one always. */
function refusals(random: Random, often: number): ReferenceServer["refuse"] {
  const known = new Map<string, boolean>();
  return (batch, client) => {
    const name = `${client} ${batch.seq}`;
    const no = known.get(name) ?? random.oneIn(often);
    known.set(name, no);
    return no ? { code: "bad_edit", message: "No." } : undefined;
  };
}

const letters = ["a", "b", "xyz", "\n", "😀", "é", "word "];

function edit(random: Random, t: Typist): void {
  const { files } = t.client.view();
  if (files.length === 0) return;
  const file = random.pick(files).id;
  const doc = t.client.text(file).toString();
  const whole = (pos: number): number => (/[\udc00-\udfff]/.test(doc.charAt(pos)) ? pos - 1 : pos);
  const from = whole(random.below(doc.length + 1));
  const to = random.oneIn(3) ? whole(Math.min(doc.length, from + random.below(6))) : from;
  const insert = random.oneIn(4) && to > from ? "" : random.pick(letters);
  if (from <= to) t.change(file, from, to, insert);
  if (random.oneIn(3)) t.setCaret(file, from, from + (random.oneIn(2) ? insert.length : 0));
}

function command(random: Random, t: Typist): void {
  const { files } = t.client.view();
  const file = files.length > 0 ? random.pick(files).id : "";
  switch (random.below(5)) {
    case 0:
      t.client.createFile(random.pick(["a.py", "b.py", "", "/bad"]), random.pick(["", "text\n"]));
      break;
    case 1:
      t.client.renameFile(file, random.pick(["x.py", "y.py"]));
      break;
    case 2:
      if (files.length > 1) t.client.deleteFile(file);
      break;
    case 3:
      t.client.setLanguage(random.pick(["go", "python"]));
      break;
    default:
      t.client.run({ file, language: "python" });
  }
}

describe("random rooms", () => {
  it("converge", async () => {
    await eachSeed("random rooms", 1500, async (random) => {
      const w = await world(random, 2 + random.below(3), "hello\nworld\n");
      const no = refusals(random, 40);
      w.server.refuse = (batch, client) =>
        no(batch, client) ?? (random.oneIn(30) ? { code: "slow_down", message: "Slower.", retry: true } : undefined);
      for (let step = 0; step < 60; step++) {
        const t = random.pick(w.typists);
        if (random.below(10) < 6) edit(random, t);
        else if (random.oneIn(4)) command(random, t);
        else await trouble(w);
        if (random.oneIn(3)) await w.clock.advance(random.below(60));
        else if (random.oneIn(3)) await settle();
      }
      await heal(w);
      agree(w);
    });
  });

  it("lose no token and double none", async () => {
    await eachSeed("tokens", 1000, async (random) => {
      const w = await world(random, 2 + random.below(2), "");
      let count = 0;
      const typed: string[] = [];
      const maybe: string[] = [];
      let unsaved: { token: string; at: number; by: Typist }[] = [];
      w.server.refuse = refusals(random, 25);
      for (let step = 0; step < 60; step++) {
        const t = random.pick(w.typists);
        if (random.below(10) < 6 && t.client.view().status === "ready") {
          const token = `<${t.id.charAt(0)}${++count}>`;
          const bounds = [0, ...Array.from(t.text().matchAll(/>/g), (m) => m.index + 1)];
          t.type(token, random.pick(bounds));
          unsaved.push({ token, at: w.clock.now(), by: t });
        } else if (random.oneIn(4)) {
          // The process is killed: what was typed in the last 100 ms may be lost, nothing else, and nothing comes twice.
          t.die();
          for (const u of unsaved) {
            if (u.by === t && w.clock.now() - u.at <= 100) maybe.push(u.token);
            else if (u.by === t) typed.push(u.token);
          }
          unsaved = unsaved.filter((u) => u.by !== t);
          await t.rise();
        } else await trouble(w);
        if (random.oneIn(2)) await w.clock.advance(random.below(120));
      }
      typed.push(...unsaved.map((u) => u.token));
      w.server.refuse = () => undefined;
      await heal(w);
      agree(w);
      const recovered = w.typists.flatMap((t) => t.client.view().recovered.map((r) => r.text)).join("\n");
      for (const token of typed) {
        const here = w.server.text().split(token).length - 1;
        const there = recovered.split(token).length - 1;
        expect([here, there], token).toEqual(here > 0 ? [1, 0] : [0, 1]);
      }
      for (const token of maybe) {
        const all = (w.server.text() + recovered).split(token).length - 1;
        expect(all, token).toBeLessThanOrEqual(1);
      }
    });
  });

  it("keep words whole that are typed at one place", async () => {
    await eachSeed("words", 1000, async (random) => {
      const w = await world(random, 2 + random.below(2), "[]");
      const words = ["kilogram", "ZEPPELIN", "12345678"];
      const at = w.typists.map(() => 0);
      for (const t of w.typists) t.carets.set("mainmain", 1);
      const unfinished = (): boolean => w.typists.some((_, i) => (at[i] ?? 0) < 8);
      while (unfinished()) {
        const i = random.below(w.typists.length);
        const t = w.typists[i] as Typist;
        const n = at[i] ?? 0;
        if (n < 8 && t.client.view().status === "ready" && random.oneIn(2)) {
          const caret = t.carets.get("mainmain") ?? 0;
          t.type((words[i] ?? "").charAt(n), caret);
          t.carets.set("mainmain", caret + 1);
          at[i] = n + 1;
        } else if (random.oneIn(8)) t.network.cut();
        else await w.clock.advance(random.below(100));
      }
      await heal(w);
      agree(w);
      for (const [i] of w.typists.entries()) expect(w.server.text()).toContain(words[i]);
    });
  });
});
