import type { Store } from "../platform";

/** What is needed of VS Code's secret storage. */
export interface SecretStorage {
  get(key: string): Thenable<string | undefined>;
  store(key: string, value: string): Thenable<void>;
  delete(key: string): Thenable<void>;
}

/**
 * Tokens and keys in the secret storage of VS Code. In a browser that says that it has a secret before it has written it, and a window that
 * goes away at once, as one does that opens a room, takes it along. So there a secret is also in a file, until a later window has got it
 * from the storage.
 */
export class Secrets {
  private readonly stored = new Set<string>(); // by this window, which cannot know what a later one will find

  constructor(
    private readonly storage: SecretStorage,
    private readonly files: Store | undefined,
  ) {}

  async get(key: string): Promise<string | undefined> {
    const kept = await this.storage.get(key);
    if (this.files === undefined || this.stored.has(key)) return kept;
    const waiting = await this.files.read(nameOf(key));
    if (waiting === undefined) return kept;
    if (waiting === kept) await this.files.remove(nameOf(key));
    else await this.store(key, waiting);
    return waiting;
  }

  async store(key: string, value: string): Promise<void> {
    await this.files?.write(nameOf(key), value);
    this.stored.add(key);
    await this.storage.store(key, value);
  }

  async delete(key: string): Promise<void> {
    await this.files?.remove(nameOf(key));
    await this.storage.delete(key);
  }
}

/** A file's name for any key: letters and digits as they are, all else by its number. */
const nameOf = (key: string): string => key.replaceAll(/[^a-zA-Z0-9]/g, (sign) => `_${sign.charCodeAt(0).toString(16)}_`);
