import { recall, remember } from "../lib/storage";
import type { KeptStates } from "./outbox";

/** How often and how long apart a reloaded tab asks for its own id, until the page before it has let go of it. */
const tries = 6;
const pause = 60;

/**
 * Decides which client id this tab uses in a room: its own from before a reload, else that of a tab that is gone and
 * left something behind, else a new one. A lock named by the id is held as long as the page lives, so that two tabs
 * never share one, not even when a tab is duplicated.
 */
export class ClientIds {
  private readonly held = new Map<string, () => void>();

  constructor(
    private readonly room: string,
    private readonly kept: KeptStates,
  ) {}

  /** The id to continue with; undefined for a new one. */
  async acquire(): Promise<string | undefined> {
    if (!("locks" in navigator)) return undefined;
    const mine = recall(this.key(), "session");
    if (mine !== undefined) {
      for (let n = 0; n < tries; n++) {
        if (await this.lock(mine)) return mine;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    for (const client of await this.kept.clients(this.room)) {
      if (client !== mine && (await this.lock(client))) return client;
    }
    return undefined;
  }

  /** The client uses this id now: it is locked, and the tab remembers it. */
  async uses(client: string): Promise<void> {
    remember(this.key(), client, "session");
    if ("locks" in navigator && !this.held.has(client)) await this.lock(client);
    for (const [other, release] of this.held) {
      if (other !== client) release();
    }
  }

  /** Lets go of everything, when the room is left. */
  release(): void {
    for (const release of this.held.values()) release();
  }

  private key(): string {
    return `client:${this.room}`;
  }

  /** Holds the lock of an id until it is released; false when another tab has it. */
  private lock(client: string): Promise<boolean> {
    return new Promise((resolve) => {
      void navigator.locks
        .request(`codecollab:${this.room}:${client}`, { ifAvailable: true }, (lock) => {
          resolve(lock !== null);
          if (lock === null) return undefined;
          return new Promise<void>((release) => {
            this.held.set(client, () => {
              this.held.delete(client);
              release();
            });
          });
        })
        .catch(() => resolve(false));
    });
  }
}
