import { ChangeSet, Text } from "@codemirror/state";
import { expect } from "vitest";
import { RoomClient, memoryOutbox, type Outbox, type Report, type RoomOptions } from "../../src/index";
import { FakeClock, settle } from "./clock";
import { Network } from "./network";
import { Random } from "./random";
import { ReferenceServer } from "./server";

/** A client with an editor for each file, which follows onEdit as CodeMirror would. */
export class Typist {
  client: RoomClient;
  readonly docs = new Map<string, Text>();
  readonly reports: Report[] = [];
  /** Carets that remote edits move. */
  readonly carets = new Map<string, number>();
  /** The selection, as the editor would keep it. */
  caret: { file: string; anchor: number; head: number } | undefined;
  private alive = { yes: true };

  constructor(
    readonly id: string,
    readonly network: Network,
    readonly clock: FakeClock,
    readonly random: Random,
    readonly outbox: Outbox = memoryOutbox(),
    private readonly more: Partial<RoomOptions> = {},
  ) {
    this.client = this.make();
  }

  private make(): RoomClient {
    const alive = { yes: true };
    this.alive = alive;
    const { outbox } = this;
    const dying: Outbox = {
      load: (room, client) => outbox.load(room, client),
      save: (room, saved) => (alive.yes ? outbox.save(room, saved) : new Promise<void>(() => undefined)),
      clear: (room, client) => (alive.yes ? outbox.clear(room, client) : Promise.resolve()),
    };
    const client = new RoomClient({
      room: "room",
      connect: (handlers) => {
        if (!alive.yes) return { send: () => undefined, close: () => undefined };
        return this.network.connect(handlers);
      },
      outbox: dying,
      name: this.id,
      color: 1,
      clientId: this.id,
      clock: this.clock,
      random: this.random.next,
      onReport: (r) => this.reports.push(r),
      ...this.more,
    });
    client.subscribe(() => this.follow());
    return client;
  }

  async start(): Promise<void> {
    await this.client.start();
    await settle();
    this.follow();
  }

  /** Opens an editor for each file that has none. */
  follow(): void {
    for (const { id } of this.client.view().files) {
      if (this.docs.has(id)) continue;
      this.docs.set(id, this.client.text(id));
      const { client } = this;
      client.onEdit(id, (changes) => {
        if (client !== this.client) return;
        this.docs.set(id, changes.apply(this.docs.get(id) ?? Text.empty));
        this.moveCaret(id, changes, -1);
        const caret = this.carets.get(id);
        if (caret !== undefined) this.carets.set(id, changes.mapPos(caret, -1));
      });
    }
  }

  /** Types as an editor does: the change is in the editor already when the client hears of it. */
  change(file: string, from: number, to: number, insert: string): void {
    this.follow();
    const doc = this.docs.get(file) ?? Text.empty;
    const changes = ChangeSet.of({ from, to, insert: Text.of(insert.split("\n")) }, doc.length);
    this.docs.set(file, changes.apply(doc));
    this.moveCaret(file, changes, 1);
    this.client.edit(file, changes);
  }

  setCaret(file: string, anchor: number, head: number): void {
    this.caret = { file, anchor, head };
    this.client.setCaret(file, anchor, head);
  }

  private moveCaret(file: string, changes: ChangeSet, assoc: number): void {
    if (this.caret?.file !== file) return;
    const { anchor, head } = this.caret;
    this.caret = { file, anchor: changes.mapPos(anchor, assoc), head: changes.mapPos(head, assoc) };
  }

  /** Inserts at a position, or at the end. */
  type(insert: string, at?: number, file = "mainmain"): void {
    const pos = at ?? this.client.text(file).length;
    this.change(file, pos, pos, insert);
  }

  text(file = "mainmain"): string {
    return this.client.text(file).toString();
  }

  /** The process is gone: nothing more is saved or sent. */
  die(): void {
    this.alive.yes = false;
    this.client.close();
    this.docs.clear();
    this.caret = undefined;
  }

  /** A new process with the same outbox. */
  async rise(): Promise<void> {
    this.client = this.make();
    await this.start();
  }

  /** Fails unless every editor shows what the client has. */
  checkEditors(): void {
    for (const { id } of this.client.view().files) {
      expect(this.docs.get(id)?.toString(), `editor of ${id}`).toBe(this.client.text(id).toString());
    }
  }
}

/** A server, a clock and as many typists as ids, all started and online. */
export async function scene(ids: readonly string[], more: Partial<RoomOptions> = {}, text?: string) {
  const random = new Random(1);
  const clock = new FakeClock();
  const server = new ReferenceServer(text);
  const typists: Typist[] = [];
  for (const id of ids) {
    const network = new Network(server, clock, random, { delay: 0, twice: 0 }, id);
    const typist = new Typist(id, network, clock, random, memoryOutbox(), more);
    await typist.start();
    typists.push(typist);
  }
  await clock.advance(1);
  const [a, b] = typists;
  return { random, clock, server, typists, a: a as Typist, b: b as Typist };
}
