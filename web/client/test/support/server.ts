import { ChangeSet, Text } from "@codemirror/state";
import type * as wire from "../../src/wire.gen";

type LogEvent = Omit<wire.Event, "t">;
type File = { id: string; name: string; text: Text };
type Refusal = { code: string; message: string; retry?: boolean };

/** One connection, as the server has it. */
export class ServerEnd {
  client = "";
  gone = false;

  constructor(
    readonly server: ReferenceServer,
    readonly session: string,
    readonly person: string,
    private readonly out: (frame: string | undefined) => void,
  ) {}

  say(message: wire.ServerMessage): void {
    if (!this.gone) this.out(JSON.stringify(message));
  }

  hear(frame: string): void {
    for (const line of frame.split("\n")) if (!this.gone) this.server.message(this, JSON.parse(line) as wire.ClientMessage);
  }

  close(): void {
    if (this.gone) return;
    this.gone = true;
    this.server.leave(this);
    this.out(undefined);
  }
}

/** A room in memory that does what docs/protocol.md says, in the plainest way. Its log survives restarts. */
export class ReferenceServer {
  readonly log: LogEvent[] = [];
  readonly ends = new Set<ServerEnd>();
  readonly files = new Map<string, File>();
  readonly peers = new Map<string, wire.Peer>();
  readonly clients = new Map<string, { seq: number; version: number; person: string }>();
  readonly heard: wire.ClientMessage[] = [];
  catchupAfter = Infinity;
  writable = true;
  limits: wire.Limits = { batch_bytes: 1 << 20, file_units: 5 << 20, files: 500, chat_units: 4000 };
  heartbeat = 20_000;
  /** Refuses a batch, before the server's own checks. */
  refuse: (batch: wire.BatchMessage, client: string) => Refusal | undefined = () => undefined;
  /** What a join is answered with in the place of "joined". */
  door: () => wire.ServerMessage | undefined = () => undefined;
  /** Whether checks are answered. */
  checks = 0;
  private sessions = 0;
  private language = "python";
  private title = "";
  private settings: Omit<wire.SettingsBody, "kind"> | undefined;

  constructor(text = "hello\nworld\n") {
    this.append({ version: 0, at: 0, body: { kind: "create", file: "mainmain", name: "main.py", text } });
  }

  get version(): number {
    return this.log.length;
  }

  text(file = "mainmain"): string {
    return this.files.get(file)?.text.toString() ?? "";
  }

  accept(person: string, out: (frame: string | undefined) => void): ServerEnd {
    const end = new ServerEnd(this, `s${++this.sessions}`, person, out);
    this.ends.add(end);
    return end;
  }

  /** Ends every connection, as a process that dies does. */
  restart(): void {
    for (const end of this.ends) end.close();
    this.peers.clear();
  }

  setWritable(ok: boolean): void {
    this.writable = ok;
    this.tell({ t: "writable", ok, ...(ok ? {} : { reason: "The disk is full." }) });
  }

  /** Appends an event as if another client had sent it. */
  edit(changes: ChangeSet, client = "zzzzzzzz", file = "mainmain", seq = 0): void {
    const edits = [{ file, changes: changes.toJSON() as wire.Changes }];
    this.append({ version: 0, at: 0, by: client, client, ...(seq > 0 ? { seq } : {}), body: { kind: "edit", edits } });
  }

  append(event: LogEvent): void {
    const e: LogEvent = { ...event, version: this.version + 1 };
    const { body } = e;
    if (body.kind === "edit") {
      for (const { file, changes } of body.edits) {
        const f = this.files.get(file);
        if (f === undefined) throw new Error("no file");
        const set = ChangeSet.fromJSON(changes);
        f.text = set.apply(f.text);
        for (const [session, peer] of this.peers) {
          if (peer.file !== file) continue;
          const assoc = peer.client === e.client ? 1 : -1;
          this.peers.set(session, { ...peer, anchor: set.mapPos(peer.anchor, assoc), head: set.mapPos(peer.head, assoc) });
        }
      }
    } else if (body.kind === "create") {
      this.files.set(body.file, { id: body.file, name: body.name, text: Text.of(body.text.split("\n")) });
    } else if (body.kind === "rename") {
      const f = this.files.get(body.file);
      if (f) f.name = body.name;
    } else if (body.kind === "delete") {
      this.files.delete(body.file);
      for (const [session, { file, ...peer }] of this.peers) {
        if (file === body.file) this.peers.set(session, { ...peer, anchor: 0, head: 0 });
      }
    } else if (body.kind === "language") {
      this.language = body.language;
    } else if (body.kind === "title") {
      this.title = body.title;
    } else if (body.kind === "settings") {
      const { kind: _, ...settings } = body;
      this.settings = settings;
    }
    this.log.push(e);
    if (e.client !== undefined && e.seq !== undefined) {
      this.clients.set(e.client, { seq: e.seq, version: e.version, person: e.by ?? "" });
    }
    this.tell({ t: "event", ...e });
  }

  leave(end: ServerEnd): void {
    this.ends.delete(end);
    if (this.peers.delete(end.session)) this.tell({ t: "presence", version: this.version, left: [end.session] });
  }

  tell(message: wire.ServerMessage): void {
    for (const end of this.ends) if (end.client !== "") end.say(message);
  }

  snapshot(): wire.State {
    const files = [...this.files.values()].map(({ id, name, text }) => ({ id, name, text: text.toString() }));
    return {
      version: this.version, language: this.language, title: this.title, ...(this.settings === undefined ? {} : { settings: this.settings }),
      files, people: [], runs: [],
      chat: this.log.flatMap(({ version, at, by = "", body }) => (body.kind === "chat" ? [{ version, at, by, text: body.text }] : [])),
    };
  }

  message(end: ServerEnd, m: wire.ClientMessage): void {
    this.heard.push(m);
    switch (m.t) {
      case "join":
        this.join(end, m);
        break;
      case "batch": {
        const answer = this.batch(end, m);
        if (answer !== undefined) end.say({ t: "error", seq: m.seq, ...answer });
        break;
      }
      case "ping":
        end.say({ t: "pong" });
        break;
      case "check": {
        if (m.version !== this.version) break;
        this.checks++;
        const diverged = Object.entries(m.files).filter(([f, h]) => fnv(this.text(f)) !== h);
        end.say({ t: "checked", version: m.version, diverged: diverged.map(([f]) => f) });
        break;
      }
      case "presence": {
        const peer = this.peers.get(end.session);
        if (peer === undefined) break;
        const { file: _, ...rest } = peer;
        let { anchor, head } = m;
        for (const e of this.log.slice(m.version)) {
          if (e.body.kind !== "edit") continue;
          for (const edit of e.body.edits) {
            if (edit.file !== m.file) continue;
            const set = ChangeSet.fromJSON(edit.changes);
            const assoc = e.client === end.client ? 1 : -1;
            anchor = set.mapPos(anchor, assoc);
            head = set.mapPos(head, assoc);
          }
        }
        const here = m.file !== undefined && this.files.has(m.file);
        const now = { ...rest, ...(here ? { file: m.file, anchor, head } : { anchor: 0, head: 0 }), away: m.away ?? false };
        this.peers.set(end.session, now);
        this.tell({ t: "presence", version: this.version, people: [now] });
        break;
      }
      case "bring":
        this.tell({ t: "bring", session: end.session });
        break;
      default:
    }
  }

  private join(end: ServerEnd, m: wire.JoinMessage): void {
    const instead = this.door();
    if (instead !== undefined) {
      end.say(instead);
      return;
    }
    const known = this.clients.get(m.client);
    if (known !== undefined && known.person !== end.person) {
      end.say({ t: "error", code: "client_taken", message: "This client id belongs to another person.", fatal: true });
      end.close();
      return;
    }
    for (const other of this.ends) {
      if (other === end || other.client !== m.client) continue;
      other.say({ t: "bye", reason: "replaced", retry: 1000 });
      other.close();
    }
    end.client = m.client;
    const resume = m.resume !== undefined && m.resume <= this.version ? m.resume : undefined;
    this.peers.set(end.session, {
      session: end.session, client: m.client, person: end.person, name: m.name, color: m.color, anchor: 0, head: 0,
    });
    end.say({
      t: "joined", protocol: 1, server: "reference", room: "room", person: end.person, role: "editor",
      session: end.session, version: this.version, seq: known?.seq ?? 0, heartbeat: this.heartbeat, limits: this.limits,
      writable: { ok: this.writable, ...(this.writable ? {} : { reason: "The disk is full." }) },
      ...(resume === undefined ? { snapshot: this.snapshot() } : {}),
    });
    if (resume !== undefined) this.missed(end, resume, m.seq ?? 0, known);
    end.say({ t: "presence", version: this.version, all: true, people: [...this.peers.values()] });
    this.tell({ t: "presence", version: this.version, people: [this.peers.get(end.session) as wire.Peer] });
  }

  private missed(end: ServerEnd, after: number, seq: number, known: { seq: number; version: number } | undefined): void {
    let single = this.version;
    if (this.version - after > this.catchupAfter) {
      single = seq > 0 && known !== undefined && known.seq >= seq ? Math.max(after, known.version) : after;
    }
    for (const e of this.log.slice(after, single)) end.say({ t: "event", ...e });
    if (single === this.version) return;
    const missed = this.log.slice(single);
    const edits = new Map<string, ChangeSet>();
    for (const { body } of missed) {
      if (body.kind === "delete") edits.delete(body.file);
      if (body.kind !== "edit") continue;
      for (const { file, changes } of body.edits) {
        const set = ChangeSet.fromJSON(changes);
        edits.set(file, edits.get(file)?.compose(set) ?? set);
      }
    }
    end.say({
      t: "catchup", from: single, to: this.version,
      events: missed.filter((e) => e.body.kind !== "edit"),
      edits: Array.from(edits, ([file, set]) => ({ file, changes: set.toJSON() as wire.Changes })),
    });
  }

  private batch(end: ServerEnd, m: wire.BatchMessage): Refusal | undefined {
    const known = this.clients.get(end.client);
    if (known !== undefined && m.seq <= known.seq) {
      end.say({ t: "ack", seq: m.seq, version: known.version });
      return undefined;
    }
    if (!this.writable) return { code: "read_only", message: "The disk is full.", retry: true };
    const refusal = this.refuse(m, end.client);
    if (refusal !== undefined) return refusal;
    if (m.base > this.version || m.base < (known?.version ?? 0)) return { code: "out_of_order", message: "The base is wrong." };
    let { body } = m;
    if ("file" in body && body.kind !== "create" && !this.files.has(body.file)) return { code: "no_file", message: "The file is gone." };
    if (body.kind === "create") {
      const { file, name } = body;
      if (this.files.has(file)) return { code: "file_exists", message: "The id was used." };
      if (name === "" || name.startsWith("/")) return { code: "bad_name", message: "This is no name for a file." };
      const names = new Set([...this.files.values()].map((f) => f.name));
      let free = name;
      for (let n = 2; names.has(free); n++) free = name.replace(/(\.[^.]*)?$/, (ext) => ` (${n})${ext}`);
      body = { ...body, name: free };
    }
    if (body.kind === "edit") {
      const edits: wire.FileEdit[] = [];
      for (const { file, changes } of body.edits) {
        if (!this.files.has(file)) return { code: "no_file", message: "The file is gone." };
        let set = ChangeSet.fromJSON(changes);
        for (const e of this.log.slice(m.base)) {
          for (const over of e.body.kind === "edit" ? e.body.edits : []) {
            if (over.file === file) set = set.map(ChangeSet.fromJSON(over.changes), end.client < (e.client ?? ""));
          }
        }
        edits.push({ file, changes: set.toJSON() as wire.Changes });
      }
      body = { kind: "edit", edits };
    }
    this.append({ version: 0, at: 1, by: end.person, client: end.client, seq: m.seq, body });
    return undefined;
  }
}

/** The hash of docs/protocol.md, written down a second time. */
export function fnv(s: string): number {
  let h = 2166136261n;
  for (const byte of Buffer.from(s, "utf16le")) h = ((h ^ BigInt(byte)) * 16777619n) & 0xffffffffn;
  return Number(h);
}
