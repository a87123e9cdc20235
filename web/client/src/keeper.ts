import type { Clock } from "./clock";
import type { Outbox, Saved } from "./outbox";
import { isId, randomId } from "./random";
import type { Replica } from "./replica";
import { restore, salvage, toSaved } from "./saved";
import { Saver } from "./saver";
import type { Recovered } from "./types";

/** The snapshot in the outbox is renewed at most so often, in milliseconds, and less often when it is large. */
const snapshotPause = 2_000;
const longestSnapshotPause = 20_000;
const unitsPerMs = 500;
/** After a save that failed, the next try is so much later, in milliseconds. */
const retryPause = 5_000;
/** How long the start waits for the outbox, in milliseconds. */
const loadPatience = 5_000;

/** What a keeper works with. */
export type KeeperOptions = {
  readonly room: string;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly replica: Replica;
  readonly freshId: () => string;
  /** Told when lasting has changed. */
  readonly changed: () => void;
  readonly recovered: () => readonly Recovered[];
  readonly report: (kind: string, detail: string) => void;
};

/** Keeps a replica in the outbox: what is not confirmed promptly, what is confirmed now and then. */
export class Keeper {
  readonly saver: Saver;
  /** Whether what is saved would be there after the end of the process. */
  lasting: boolean;
  private snapshotAt = -Infinity;
  private loaded = false;
  private closed = false;
  private obsolete: string[] = [];

  constructor(private readonly options: KeeperOptions) {
    this.lasting = options.outbox.lasting ?? true;
    this.saver = new Saver(
      () => this.save(),
      options.clock,
      (error) => this.failed(error),
    );
  }

  /** Reads the replica from the outbox, and gives the recovered texts; what is damaged is reported and left aside. */
  async load(client: string | undefined): Promise<readonly Recovered[]> {
    const { outbox, room, replica, clock, report, freshId } = this.options;
    let saved: Saved | undefined;
    let timer: unknown;
    try {
      saved = await Promise.race([
        outbox.load(room, client),
        new Promise<never>((_, reject) => {
          timer = clock.setTimeout(() => reject(new Error("it does not answer")), loadPatience);
        }),
      ]);
    } catch (error) {
      report("outbox", String(error));
      // What is kept under this id, and could not be read, must not be written over.
      if (client !== undefined) replica.useClient(freshId());
    } finally {
      clock.clearTimeout(timer);
    }
    this.loaded = true;
    if (saved === undefined || saved === null) return [];
    try {
      if (client !== undefined && isId(saved.client) && saved.client !== client) return [];
      restore(replica, saved);
      this.snapshotAt = clock.now();
      return [...saved.recovered];
    } catch (error) {
      report("outbox-damaged", String(error));
      const text = salvage(saved);
      const reason = replica.phrases().damaged;
      return text === "" ? [] : [{ id: randomId(), file: "", name: "", text, at: clock.now(), reason }];
    }
  }

  /** The state under a former client id is to go, once it is saved under the new one. */
  moved(from: string): void {
    this.obsolete.push(from);
    this.saver.within(0);
  }

  /** Something confirmed has changed. */
  confirmed(): void {
    this.saver.within(snapshotPause);
  }

  /** Saves a last time. */
  close(): void {
    this.closed = true;
    void this.saver.now();
  }

  private failed(error: unknown): void {
    this.options.report("outbox", String(error));
    if (this.closed) return;
    this.saver.within(retryPause);
    this.lasts(false);
  }

  private lasts(lasting: boolean): void {
    if (this.lasting === lasting) return;
    this.lasting = lasting;
    this.options.changed();
  }

  private async save(): Promise<void> {
    const { outbox, room, replica, clock, recovered } = this.options;
    if (!this.loaded || (!replica.loaded && replica.entries.length === 0 && recovered().length === 0)) return;
    const now = clock.now();
    let units = 0;
    for (const { text } of replica.committed.files.values()) units += text.length;
    const pause = Math.min(longestSnapshotPause, Math.max(snapshotPause, units / unitsPerMs));
    const old = replica.base;
    const saved = toSaved(replica, recovered(), now, now - this.snapshotAt >= pause);
    if (saved.base !== old) this.snapshotAt = now;
    const { obsolete } = this;
    this.obsolete = [];
    await outbox.save(room, saved);
    this.lasts(outbox.lasting ?? true);
    for (const client of obsolete) await outbox.clear(room, client);
  }
}
