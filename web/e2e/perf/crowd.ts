import { once } from "node:events";
import { WebSocket } from "ws";

type Section = number | readonly [number, ...string[]];
type Message = {
  readonly t: string;
  readonly version: number;
  readonly seq?: number;
  readonly client?: string;
  readonly body?: { readonly kind: string; readonly edits?: readonly { readonly file: string; readonly changes: readonly Section[] }[] };
  readonly snapshot?: { readonly files: readonly { readonly id: string; readonly text: string }[] };
};

/**
 * Somebody without a page who types in the first file of a room: one letter at a time, each once the one before is confirmed, with the
 * caret told as pages tell it. It keeps no text, only its length and the caret, so that fifty of them cost this machine little.
 */
class Typist {
  private version = 0;
  private length = 0;
  private file = "";
  private at = 0;
  private seq = 0;
  private free = true;
  private readonly socket: WebSocket;
  typed = 0;

  private constructor(
    url: string,
    private readonly client: string,
    private readonly key: string | undefined,
    private readonly place: number,
  ) {
    this.socket = new WebSocket(url);
    this.socket.on("open", () => {
      this.send({ t: "join", protocol: 1, client, name: client, color: Number.parseInt(client.slice(-2), 10) % 12, ...(key === undefined ? {} : { key }) });
    });
    this.socket.on("message", (data: Buffer) => {
      for (const line of data.toString().split("\n")) if (line !== "") this.hear(JSON.parse(line) as Message);
    });
    this.socket.on("error", () => undefined);
  }

  /** Joins; place is where the caret is to be, as a part of the text. */
  static async join(url: string, client: string, key: string | undefined, place: number): Promise<Typist> {
    const typist = new Typist(url, client, key, place);
    const timer = setTimeout(() => typist.socket.close(), 20_000);
    while (typist.version === 0) await once(typist.socket, "message");
    clearTimeout(timer);
    return typist;
  }

  /** Types a letter, unless the last one is still under way. */
  type(): void {
    if (!this.free) return;
    this.free = false;
    const changes = [...(this.at > 0 ? [this.at] : []), [0, "x"], ...(this.at < this.length ? [this.length - this.at] : [])];
    this.send({ t: "batch", seq: ++this.seq, base: this.version, body: { kind: "edit", edits: [{ file: this.file, changes }] } });
  }

  leave(): void {
    this.socket.close();
  }

  private hear(message: Message): void {
    if (message.t === "joined") {
      const [file] = message.snapshot?.files ?? [];
      if (file === undefined) throw new Error("the room has no file");
      this.version = message.version;
      this.file = file.id;
      this.length = file.text.length;
      this.at = Math.floor(this.length * this.place);
    } else if (message.t === "event") {
      this.version = message.version;
      const mine = message.client === this.client;
      for (const { file, changes } of message.body?.edits ?? []) if (file === this.file) this.map(changes, mine);
      if (!mine) return;
      this.free = true;
      this.typed++;
      this.send({ t: "presence", version: this.version, file: this.file, anchor: this.at, head: this.at });
    } else if (message.t === "error") throw new Error(JSON.stringify(message));
  }

  /** Moves the caret, and the length, through an edit. */
  private map(changes: readonly Section[], mine: boolean): void {
    let old = 0;
    let shift = 0;
    for (const section of changes) {
      if (typeof section === "number") {
        old += section;
        continue;
      }
      const [deleted, ...lines] = section;
      const inserted = lines.join("\n").length;
      if (old < this.at || (mine && old === this.at)) shift += inserted - Math.min(deleted, this.at - old);
      this.length += inserted - deleted;
      old += deleted;
    }
    this.at += shift;
  }

  private send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }
}

/** People who type in a room, each so many letters a second, until they are told to stop; the answer is how many letters they typed. */
export async function crowd(link: string, people: number, perSecond: number, nearby: number): Promise<() => number> {
  const { host, pathname, hash } = new URL(link);
  const room = pathname.split("/").at(-1) ?? "";
  const typists: Typist[] = [];
  for (let n = 0; n < people; n++) {
    // Some are where the reader looks, at the top of the text; the others are all over it.
    const place = n < nearby ? (n + 1) / 40_000 : n / people;
    typists.push(await Typist.join(`ws://${host}/api/v1/rooms/${room}/socket`, `crowd${String(n).padStart(5, "0")}`, hash.slice(1) || undefined, place));
  }
  const timers = typists.map((typist, n) => {
    let timer: ReturnType<typeof setInterval> | undefined;
    const start = setTimeout(() => (timer = setInterval(() => typist.type(), 1000 / perSecond)), (n * 1000) / perSecond / people);
    return () => {
      clearTimeout(start);
      clearInterval(timer);
    };
  });
  return () => {
    for (const stop of timers) stop();
    for (const typist of typists) typist.leave();
    return typists.reduce((sum, { typed }) => sum + typed, 0);
  };
}
