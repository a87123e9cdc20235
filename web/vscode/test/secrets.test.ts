import { expect, it } from "vitest";
import { Secrets } from "../src/server/secrets";

class Storage {
  readonly kept = new Map<string, string>();
  lazy = false; // as a browser's: it has what it was given, and a window that goes away at once takes it along
  private given = new Map<string, string>();

  get = async (key: string): Promise<string | undefined> => this.given.get(key) ?? this.kept.get(key);
  store = async (key: string, value: string): Promise<void> => void (this.lazy ? this.given : this.kept).set(key, value);
  delete = async (key: string): Promise<void> => void (this.given.delete(key), this.kept.delete(key));
  reload(): void {
    this.given = new Map();
  }
}

function folder(): { readonly files: Map<string, string>; readonly store: ConstructorParameters<typeof Secrets>[1] } {
  const files = new Map<string, string>();
  return {
    files,
    store: {
      list: async () => [...files.keys()],
      read: async (name) => files.get(name),
      write: async (name, text) => void files.set(name, text),
      remove: async (name) => void files.delete(name),
    },
  };
}

it("keeps a secret that the window takes along, and no longer than until a later window has it", async () => {
  const [storage, { files, store }] = [new Storage(), folder()];
  storage.lazy = true;
  await new Secrets(storage, store).store("key a~b room/x", "secret");
  storage.reload();
  expect(await storage.get("key a~b room/x")).toBeUndefined();
  storage.lazy = false;
  const second = new Secrets(storage, store);
  expect(await second.get("key a~b room/x")).toBe("secret");
  expect(await second.get("key a~b room/x")).toBe("secret");
  expect([...files.keys()].every((name) => /^\w+$/.test(name))).toBe(true);
  storage.reload();
  expect(await new Secrets(storage, store).get("key a~b room/x")).toBe("secret");
  expect(files.size).toBe(0);
  expect(await new Secrets(storage, store).get("key a~b room/x")).toBe("secret");
});

it("has the newer one when the storage is left with the one before", async () => {
  const [storage, { store }] = [new Storage(), folder()];
  await storage.store("token", "guest");
  storage.lazy = true;
  await new Secrets(storage, store).store("token", "account");
  storage.reload();
  expect(await storage.get("token")).toBe("guest");
  expect(await new Secrets(storage, store).get("token")).toBe("account");
});

it("forgets a secret everywhere, and a new one takes the place of an old one", async () => {
  const [storage, { files, store }] = [new Storage(), folder()];
  const secrets = new Secrets(storage, store);
  await secrets.store("token", "old");
  await secrets.store("token", "new");
  expect(await new Secrets(storage, store).get("token")).toBe("new");
  await secrets.delete("token");
  expect(await new Secrets(storage, store).get("token")).toBeUndefined();
  expect(files.size).toBe(0);
});

it("writes no file where the storage can be relied on", async () => {
  const storage = new Storage();
  const secrets = new Secrets(storage, undefined);
  await secrets.store("token", "x");
  expect(await secrets.get("token")).toBe("x");
  await secrets.delete("token");
  expect(await secrets.get("token")).toBeUndefined();
});
