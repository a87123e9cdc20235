import { recall, remember } from "../lib/storage";
import type { KeptStates } from "./outbox";

/**
 * How long a tab waits for its own id, in milliseconds. After a reload it surely comes free: the page before is being taken
 * down, which takes a busy browser a while. Otherwise the tab may be a copy of another that lives on.
 */
const patience = { reload: 15_000, copy: 400 };
/** Where there are no locks: for so long a tab that uses an id may take to say so, in milliseconds. */
const answerTime = 300;

/**
 * What the tabs of a room tell each other: which id one uses now, which one it would like to have (back), and that this is in use.
 */
type Message = { readonly t: "here" | "want" | "mine"; readonly client: string };

/** The lock that a tab holds as long as it uses a client id of a room. */
export function lockOf(room: string, client: string): string {
  return `codecollab:${room}:${client}`;
}

/**
 * Decides which client id this tab uses in a room: its own from before a reload, else that of a tab that is gone and
 * left something behind, else a new one. A lock named by the id is held as long as the page lives, so that two tabs
 * never share one, not even when a tab is duplicated.
 */
export class ClientIds {
  /** Told of the id of another tab of this room, once when that begins to use it. */
  onOther: (client: string) => void = () => undefined;
  private readonly held = new Map<string, () => void>();
  private readonly wanted = new Map<string, AbortController>();
  private readonly channel: BroadcastChannel;
  private used: string | undefined;

  constructor(
    private readonly room: string,
    private readonly kept: KeptStates,
  ) {
    this.channel = new BroadcastChannel(`codecollab:${room}`);
    this.channel.addEventListener("message", ({ data }: MessageEvent<Message>) => {
      if (data.t === "here") this.onOther(data.client);
      else if (data.t === "want") {
        this.wanted.get(data.client)?.abort();
        if (data.client === this.used) this.say("mine", data.client);
      }
    });
  }

  /** The id to continue with; undefined for a new one. */
  async acquire(): Promise<string | undefined> {
    const mine = recall(this.key(), "session");
    if (!("locks" in navigator)) return this.asked(mine);
    if (mine !== undefined) {
      this.say("want", mine);
      if (await this.lock(mine, { signal: AbortSignal.timeout(reloaded() ? patience.reload : patience.copy) })) return mine;
    }
    for (const client of await this.kept.clients(this.room)) {
      if (client !== mine && (await this.lock(client, { ifAvailable: true }))) return client;
    }
    return undefined;
  }

  /** The client uses this id now: it is locked, and the tab remembers it. */
  async uses(client: string): Promise<void> {
    this.used = client;
    remember(this.key(), client, "session");
    await this.also(client);
    for (const [other, release] of this.held) {
      if (other !== client) release();
    }
    this.say("here", client);
  }

  /** Holds one more id, which a client without a page had to take. */
  async also(client: string): Promise<void> {
    if ("locks" in navigator && !this.held.has(client)) await this.lock(client, { ifAvailable: true });
  }

  /** Whether this tab holds an id. */
  has(client: string): boolean {
    return this.held.has(client);
  }

  /** The ids that other tabs of this room use now. */
  async others(): Promise<string[]> {
    if (!("locks" in navigator)) return [];
    const { held = [] } = await navigator.locks.query();
    const prefix = this.lockName("");
    const names = held.flatMap(({ name = "" }) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
    return names.filter((client) => !this.held.has(client));
  }

  /**
   * Waits until no tab uses an id, and has it while f runs. The signal that f gets says that a tab wants it back: then f is to
   * end soon. Rejects when the wait is ended by its own signal.
   */
  async whenFree(client: string, signal: AbortSignal, f: (wanted: AbortSignal) => Promise<void>): Promise<void> {
    if (!("locks" in navigator)) return;
    await navigator.locks.request(this.lockName(client), { signal }, async () => {
      const wanted = new AbortController();
      this.wanted.set(client, wanted);
      try {
        await f(AbortSignal.any([wanted.signal, signal]));
      } finally {
        this.wanted.delete(client);
      }
    });
  }

  /** Lets go of everything, when the room is left. */
  release(): void {
    for (const release of this.held.values()) release();
    this.channel.close();
  }

  private say(t: Message["t"], client: string): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin, and takes no such argument
    this.channel.postMessage({ t, client } satisfies Message);
  }

  /**
   * Over plain HTTP browsers have no locks: an id is free when no tab says that it has it. A tab that sleeps does not
   * answer; should two use one id, the server notices, and neither loses anything (see Conversation.collided).
   */
  private async asked(mine: string | undefined): Promise<string | undefined> {
    const unsent = await this.kept.unsent(this.room);
    for (const client of new Set(mine === undefined ? unsent : [mine, ...unsent])) {
      if (!(await this.answered(client))) return client;
    }
    return undefined;
  }

  private answered(client: string): Promise<boolean> {
    return new Promise((resolve) => {
      const heard = ({ data }: MessageEvent<Message>): void => {
        if (data.t === "mine" && data.client === client) resolve(true);
      };
      this.channel.addEventListener("message", heard);
      this.say("want", client);
      setTimeout(() => {
        this.channel.removeEventListener("message", heard);
        resolve(false);
      }, answerTime);
    });
  }

  private key(): string {
    return `client:${this.room}`;
  }

  private lockName(client: string): string {
    return lockOf(this.room, client);
  }

  /** Holds the lock of an id until it is released; false when another tab has it. */
  private lock(client: string, how: LockOptions): Promise<boolean> {
    return new Promise((resolve) => {
      navigator.locks
        .request(this.lockName(client), how, (lock) => {
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

/** Whether this page was shown in this tab before, and is being loaded once more. */
function reloaded(): boolean {
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return entry?.type === "reload";
}
