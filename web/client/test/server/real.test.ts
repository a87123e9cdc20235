import { ChangeSet } from "@codemirror/state";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import {
  fallbackConnect,
  httpProbe,
  memoryOutbox,
  RoomClient,
  streamConnect,
  webSocketConnect,
  type Connect,
  type Report,
  type WebSocketLike,
} from "../../src/index";
import { randomId } from "../../src/random";
import { binary, ServerProcess } from "../support/process";
import { Proxy } from "../support/proxy";
import { Random, seeds } from "../support/random";

// The client against the real server, over TCP that misbehaves, with the server killed and restarted in between.

if (binary === undefined) console.log("test/server: skipped, because CODECOLLAB_BIN does not name a codecollab binary");

const seconds = Number(process.env["CODECOLLAB_SECONDS"] ?? 6);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(what: string, ms: number, f: () => boolean): Promise<void> {
  for (const end = performance.now() + ms; !f(); await pause(20)) {
    if (performance.now() > end) throw new Error(`it did not happen within ${ms} ms: ${what}`);
  }
}

type Kind = "ws" | "sse" | "fallback";

describe.skipIf(binary === undefined)("with the real server", () => {
  const args = ["--heartbeat", "400ms", "--client-batches-per-second", "1000", "--client-batch-burst", "5000", "--catchup-events"];
  const server = new ServerProcess([...args, "40"]);

  beforeAll(() => server.start());
  afterAll(() => server.remove());

  async function people(random: Random, room: string, kinds: readonly Kind[], proxied = true) {
    const proxy = new Proxy(() => server.port, random);
    await proxy.start();
    const reports: Report[] = [];
    const list = await Promise.all(
      kinds.map(async (kind) => {
        const cookie = await server.cookie();
        const outbox = memoryOutbox();
        const clientId = randomId();
        const base = `127.0.0.1:${proxied ? proxy.port : server.port}/api/v1/rooms/${room}`;
        const ws = webSocketConnect(`ws://${base}/socket`, (url) => new WebSocket(url, { headers: { cookie } }) as unknown as WebSocketLike);
        const fetchFn: typeof fetch = (input, init) => fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), cookie, connection: "close" } });
        const sse = streamConnect(`http://${base}/stream`, fetchFn);
        const never: Connect = (handlers) => {
          setTimeout(() => handlers.close({}), 1);
          return { send: () => undefined, close: () => undefined };
        };
        const connect = { ws, sse, fallback: fallbackConnect(never, sse) }[kind];
        const make = (): RoomClient =>
          new RoomClient({
            room, key: server.keyOf(room), connect, outbox, name: kind, color: 1, clientId,
            probe: httpProbe(`http://127.0.0.1:${proxied ? proxy.port : server.port}`),
            onReport: (r) => reports.push(r),
          });
        const one = { client: make(), async reborn(): Promise<void> {
          await one.client.flush();
          one.client.close();
          one.client = make();
          await one.client.start();
        } };
        await one.client.start();
        return one;
      }),
    );
    const ready = (): boolean => list.every((p) => p.client.view().status === "ready" && p.client.view().connection === "online");
    await until("everybody is in the room", 20_000, ready);
    return { proxy, list, reports };
  }

  const mainOf = (client: RoomClient): string => client.view().files[0]?.id ?? "";
  const insert = (client: RoomClient, text: string, at?: number): void => {
    const file = mainOf(client);
    const { length } = client.text(file);
    client.edit(file, ChangeSet.of({ from: at ?? length, insert: text }, length));
  };

  async function agree(list: readonly { client: RoomClient }[], room: string): Promise<string> {
    for (const p of list) p.client.reconnectNow();
    await until("everything is saved", 40_000, () => {
      const versions = new Set(list.map((p) => (p.client.view().save.kind === "saved" ? (p.client.view().save as { version: number }).version : -1)));
      return versions.size === 1 && !versions.has(-1);
    });
    const { proxy, list: fresh } = await people(new Random(1), room, ["ws"], false);
    const reader = fresh[0]?.client as RoomClient;
    const file = mainOf(reader);
    const text = reader.text(file).toString();
    for (const p of list) {
      expect(p.client.view().diverged).toBe(0);
      expect(p.client.text(file).toString()).toBe(text);
      expect(p.client.view().files).toEqual(reader.view().files);
    }
    reader.close();
    await proxy.stop();
    return text;
  }

  it("says what it is, by WebSocket, by event stream and by either", async () => {
    const room = await server.room();
    const { list, proxy, reports } = await people(new Random(1), room, ["ws", "sse", "fallback"]);
    const [a, b, c] = list.map((p) => p.client) as [RoomClient, RoomClient, RoomClient];
    const file = mainOf(a);
    const all: string[] = [];
    b.onEdit(file, (changes, info) => all.push(`${info.kind} ${JSON.stringify(changes)}`));
    insert(a, "from a\n");
    insert(b, "from b\n", 0);
    const created = c.createFile("notes/c.txt", "c wrote 😀");
    c.setCaret(file, 3, 3);
    await until("b has all", 10_000, () => b.text(file).toString().includes("from a") && b.text(created).length > 0);
    a.renameFile(created, "d.txt");
    a.setLanguage("go");
    await until("b sees names, language and caret", 10_000, () => {
      const view = b.view();
      return view.files.some((f) => f.name === "d.txt") && view.language === "go" && view.peers.some((p) => p.client !== "" && p.file === file && !p.me);
    });
    a.renameFile(created, "../up");
    await until("a notice", 10_000, () => a.view().notices.length === 1);
    a.deleteFile(created);
    await until("the file is gone", 10_000, () => b.view().files.length === 1);
    expect(all.length).toBeGreaterThan(0);
    const text = await agree(list, room);
    expect(text).toContain("from a\n");
    expect(text.startsWith("from b\n")).toBe(true);
    expect(reports.filter((r) => r.kind !== "refused")).toEqual([]);
    for (const p of list) p.client.close();
    await proxy.stop();
  });

  it("refuses what it should, and the client keeps it", async () => {
    const room = await server.room();
    const { list, proxy } = await people(new Random(2), room, ["ws", "sse"]);
    for (const { client } of list) {
      insert(client, "good ");
      await until("it is saved", 10_000, () => client.view().save.kind === "saved");
      // Past the limit of a message, which canEdit would have prevented.
      client.createFile("large.txt", "x".repeat(2 << 20));
      await until("it is refused", 20_000, () => client.view().recovered.length === 1);
      expect(client.view().recovered[0]?.text.length).toBe(2 << 20);
      expect(client.view().notices.length).toBe(1);
    }
    expect(await agree(list, room)).toContain("good good ");
    for (const p of list) p.client.close();
    await proxy.stop();
  });

  it("says when there is no room", async () => {
    for (const kind of ["ws", "sse"] as const) {
      const cookie = await server.cookie();
      const base = `127.0.0.1:${server.port}/api/v1/rooms/no-such-room`;
      const client = new RoomClient({
        room: "no-such-room", outbox: memoryOutbox(), name: "x", color: 0, probe: httpProbe(server.url),
        connect: kind === "ws"
          ? webSocketConnect(`ws://${base}/socket`, (url) => new WebSocket(url, { headers: { cookie } }) as unknown as WebSocketLike)
          : streamConnect(`http://${base}/stream`),
      });
      await client.start();
      await until("it is missing", 10_000, () => client.view().status === "missing");
      client.close();
    }
  });

  it("catches up with thousands of edits made offline, and thousands made meanwhile", async () => {
    const room = await server.room();
    const { list, proxy } = await people(new Random(3), room, ["ws", "ws"]);
    const [a, b] = list.map((p) => p.client) as [RoomClient, RoomClient];
    const file = mainOf(a);
    const before = a.text(file).length;
    proxy.refusing = true;
    proxy.cut(true);
    const direct = await people(new Random(4), room, ["ws"], false);
    const online = direct.list[0]?.client as RoomClient;
    for (let i = 0; i < 2000; i++) {
      insert(a, "a", (i * 7919) % (a.text(file).length + 1));
      insert(online, "o", (i * 104_729) % (online.text(file).length + 1));
      if (i % 10 === 0) await pause(0);
    }
    await until("the one online has saved", 60_000, () => online.view().save.kind === "saved");
    proxy.refusing = false;
    const start = performance.now();
    a.reconnectNow();
    await until("the other has, too", 60_000, () => a.view().save.kind === "saved");
    console.log(`2,000 edits made offline against ${(online.view().save as { version?: number }).version ?? 0} events: ${(performance.now() - start).toFixed(0)} ms until saved`);
    b.reconnectNow();
    const text = await agree([...list, ...direct.list], room);
    expect(text.length).toBe(before + 4000);
    for (const p of [...list, ...direct.list]) p.client.close();
    await proxy.stop();
    await direct.proxy.stop();
  });

  for (const mode of ["tokens", "words"] as const) {
    it(`loses and doubles no ${mode} on a bad network and a server that is killed`, { timeout: 300_000 }, async () => {
      if (mode === "words") {
        // What is composed has no authors any more, and where several type at one place during an outage a catch-up may
        // put one person's word into another's: events one by one, here.
        await server.kill();
        server.args = [...args, "1000000"];
        await server.start();
      }
      for (const seed of seeds(`real server, ${mode}`, 2)) {
        const random = new Random(seed);
        const room = await server.room();
        const kinds: Kind[] = ["ws", "sse", "ws", "ws"];
        const { proxy, list, reports } = await people(random, room, kinds);
        proxy.delay = 30;
        proxy.doubled = 6;
        const tokens: string[] = [];
        const letters = list.map((_, i) => "abcd".charAt(i));
        const carets = list.map((p) => p.client.text(mainOf(p.client)).length);
        const follow = (i: number): void => {
          const client = list[i]?.client as RoomClient;
          client.onEdit(mainOf(client), (changes) => void (carets[i] = changes.mapPos(carets[i] ?? 0, -1)));
        };
        list.forEach((_, i) => follow(i));
        let kills = 0;
        const end = performance.now() + seconds * 1000;
        let nextKill = performance.now() + seconds * 300;
        while (performance.now() < end) {
          const i = random.below(list.length);
          const { client } = list[i] as { client: RoomClient };
          if (mode === "words") {
            const at = carets[i] ?? 0;
            insert(client, letters[i] ?? "", at);
            carets[i] = at + 1;
            tokens[i] = (tokens[i] ?? "") + (letters[i] ?? "");
          } else {
            const token = `<${letters[i] ?? ""}${tokens.length}>`;
            const text = client.text(mainOf(client)).toString();
            const bounds = [text.length, ...Array.from(text.matchAll(/>/g), (m) => m.index + 1)];
            insert(client, token, random.pick(bounds));
            tokens.push(token);
          }
          if (random.oneIn(40)) proxy.cut();
          if (random.oneIn(60)) proxy.silence();
          if (random.oneIn(80)) {
            await list[i]?.reborn();
            follow(i);
          }
          if (performance.now() > nextKill) {
            nextKill = performance.now() + seconds * 300;
            kills++;
            await server.kill();
            await pause(random.below(300));
            await server.start();
          }
          await pause(random.below(12));
        }
        proxy.doubled = 0;
        proxy.delay = 0;
        proxy.cut(true);
        const text = await agree(list, room).catch((error: unknown) => {
          throw new Error(`seed ${seed}: ${JSON.stringify(reports)}\n${JSON.stringify(list.map((p) => p.client.view().save))}`, { cause: error });
        });
        for (const token of tokens) expect(text.split(token).length - 1, `seed ${seed}: ${token}`).toBe(1);
        expect(reports.filter((r) => r.kind !== "error")).toEqual([]);
        expect(list.flatMap((p) => p.client.view().recovered)).toEqual([]);
        console.log(`seed ${seed}: ${mode}, ${tokens.join("").length} characters, ${kills} kills, ${text.length} characters in the end`);
        for (const p of list) p.client.close();
        await proxy.stop();
      }
    });
  }
});
