import { hasUnsent, type Outbox, type Recovered, type RoomClient } from "@codecollab/client";
import type { Store } from "../lib/store";
import type { ClientIds } from "./client-id";
import type { BrowserOutbox } from "./outbox";

/** A tab that is gone may be one that reloads: it gets so long to ask for its id, in milliseconds. */
const grace = 1000;

/** What a rescue works with. */
export type RescueOptions = {
  readonly room: string;
  readonly ids: ClientIds;
  readonly outbox: BrowserOutbox;
  /** Makes a client without a page that goes on under an id, with what the outbox given has of it. */
  readonly client: (id: string, outbox: Outbox) => RoomClient;
  /** Shows recovered texts in the page that lives, and keeps them there. */
  readonly take: (texts: readonly Recovered[]) => Promise<void>;
  /** Told of the characters of tabs that are gone that the server has not confirmed. */
  readonly left: Store<number>;
  readonly report: (detail: string) => void;
};

/**
 * Sends what tabs that are gone have left unsent, as long as a tab of the same room is open. It waits for the lock of
 * every other client id of the room; when that is granted, the tab is gone, and a client without a page sends the rest.
 */
export class Rescue {
  private readonly counts = new Map<string, number>();
  private readonly waits = new Map<string, Promise<void>>();
  private readonly end = new AbortController();

  constructor(private readonly o: RescueOptions) {}

  /** Begins, once this tab has its own id. */
  async start(): Promise<void> {
    const { ids, outbox, room } = this.o;
    ids.onOther = (client) => this.watch(client);
    try {
      for (const client of new Set([...(await outbox.unsent(room)), ...(await ids.others())])) {
        if (!ids.has(client)) this.watch(client);
      }
    } catch (error) {
      this.o.report(String(error));
    }
  }

  /** Ends; what is not sent yet stays kept. */
  close(): void {
    this.end.abort();
  }

  /** Waits for an id, after all earlier waits for it. */
  private watch(client: string): void {
    const wait = (this.waits.get(client) ?? Promise.resolve())
      .then(() => this.o.ids.whenFree(client, this.end.signal, (wanted) => this.rescue(client, wanted)))
      .catch((error: unknown) => {
        if (!this.end.signal.aborted) this.o.report(String(error));
      });
    this.waits.set(client, wait);
  }

  private async rescue(id: string, wanted: AbortSignal): Promise<void> {
    const { outbox, room } = this.o;
    if (!(await outbox.unsent(room)).includes(id)) return;
    await sleep(grace, wanted);
    const saved = wanted.aborted ? undefined : await outbox.load(room, id);
    if (saved === undefined || !hasUnsent(saved)) return;
    const client = this.o.client(id, {
      load: () => Promise.resolve(saved),
      save: (r, s) => outbox.save(r, s),
      clear: (r, c) => outbox.clear(r, c),
    });
    try {
      await client.start();
      await this.sent(id, client, wanted);
      if (client.unsent() > 0) return;
      const { recovered } = client.view();
      await this.o.take(recovered);
      for (const text of recovered) client.dismissRecovered(text.id);
    } finally {
      this.count(id, 0);
      client.close();
      await client.flush();
    }
  }

  /** Resolves when the server has everything, or will not have it, or this is to end. */
  private sent(id: string, client: RoomClient, wanted: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        const unsent = client.unsent();
        this.count(id, unsent);
        if (unsent === 0 || wanted.aborted || client.view().status === "refused" || client.view().signedOut === true) resolve();
      };
      client.subscribe(look);
      wanted.addEventListener("abort", look);
      look();
    });
  }

  private count(id: string, unsent: number): void {
    if (unsent === 0) this.counts.delete(id);
    else this.counts.set(id, unsent);
    this.o.left.set([...this.counts.values()].reduce((a, b) => a + b, 0));
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve());
    setTimeout(resolve, ms);
  });
}
