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
/** How long the start waits for the outbox, in milliseconds. */
const loadPatience = 5_000;

/** What a keeper works with. */
export type KeeperOptions = {
  readonly room: string;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly replica: Replica;
  readonly freshId: () => string;
  readonly recovered: () => readonly Recovered[];
  readonly report: (kind: string, detail: string) => void;
};

/** Keeps a replica in the outbox: what is not confirmed promptly, what is confirmed now and then. */
export class Keeper {
  readonly saver: Saver;
  private snapshotAt = -Infinity;
  private loaded = false;
  private obsolete: string[] = [];

  constructor(private readonly options: KeeperOptions) {
    this.saver = new Saver(
      () => this.save(),
      options.clock,
      (error) => options.report("outbox", String(error)),
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
      const reason = "What this browser had kept of the room is damaged; this is what can still be read.";
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
    void this.saver.now();
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
    for (const client of obsolete) await outbox.clear(room, client);
  }
}
