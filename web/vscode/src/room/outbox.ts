import { hasUnsent, type Outbox, type Saved, type wire } from "@codecollab/client";
import type { Store } from "../platform";

type Rest = Omit<Saved, "base"> & { readonly baseAt: string };

/**
 * Keeps unsent edits in files of the extension: for each client id of a room one that is written often, and one with the room's
 * text, which is large and written when it is another. The small one names the large one, and comes after it.
 */
export class FileOutbox implements Outbox {
  private readonly bases = new Map<string, { readonly base: wire.State; readonly name: string }>();
  private count = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: Store,
    /** Stands before all names: the server and the room. */
    private readonly prefix: string,
  ) {}

  /** The client ids of which something is kept. */
  async clients(): Promise<string[]> {
    const start = `${this.prefix}.`;
    return (await this.store.list()).flatMap((name) => (name.startsWith(start) && name.endsWith(".json") && !name.includes(".base-") ? [name.slice(start.length, -5)] : []));
  }

  async load(_room: string, client?: string): Promise<Saved | undefined> {
    const ids = client === undefined ? await this.clients() : [client];
    for (const id of ids) {
      const text = await this.store.read(this.nameOf(id));
      if (text === undefined) continue;
      const { baseAt, ...rest } = JSON.parse(text) as Rest;
      const base = await this.store.read(baseAt);
      if (base !== undefined) return { ...rest, base: JSON.parse(base) as wire.State };
    }
    return undefined;
  }

  save(_room: string, saved: Saved): Promise<void> {
    const { base, ...rest } = saved;
    const { client } = saved;
    const old = this.bases.get(client);
    const fresh = old?.base !== base;
    const name = fresh || old === undefined ? `${this.prefix}.${client}.base-${Date.now().toString(36)}-${++this.count}.json` : old.name;
    const large = fresh ? JSON.stringify(base) : undefined;
    const small = JSON.stringify({ ...rest, baseAt: name } satisfies Rest);
    this.bases.set(client, { base, name });
    // One after the other, so that the later one holds.
    const saving = this.last.then(async () => {
      if (large !== undefined) await this.store.write(name, large);
      await this.store.write(this.nameOf(client), small);
    });
    // What is saved is saved: nobody waits until the texts before it are gone.
    const tidied = large === undefined ? saving : saving.then(() => this.forgetBases(client, name).catch(() => undefined));
    this.last = tidied.catch(() => this.bases.delete(client));
    return saving;
  }

  async clear(_room: string, client?: string): Promise<void> {
    for (const id of client === undefined ? await this.clients() : [client]) {
      this.bases.delete(id);
      await this.store.remove(this.nameOf(id));
      await this.forgetBases(id, undefined);
    }
  }

  /** The client ids that hold something which is nowhere else. */
  async unsent(): Promise<string[]> {
    const found: string[] = [];
    for (const id of await this.clients()) {
      const saved = await this.load("", id).catch(() => undefined);
      if (saved !== undefined && hasUnsent(saved)) found.push(id);
    }
    return found;
  }

  private nameOf(client: string): string {
    return `${this.prefix}.${client}.json`;
  }

  private async forgetBases(client: string, except: string | undefined): Promise<void> {
    const start = `${this.prefix}.${client}.base-`;
    for (const name of await this.store.list()) if (name.startsWith(start) && name !== except) await this.store.remove(name);
  }
}
