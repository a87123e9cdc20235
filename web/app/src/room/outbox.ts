import { hasUnsent, memoryOutbox, type Outbox, type Saved } from "@codecollab/client";
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { lockOf } from "./client-id";

type Key = [room: string, client: string];

/** A saved state without its base, which is large, changes seldom and is kept beside it. */
type State = Omit<Saved, "base">;

interface Schema extends DBSchema {
  states: { key: Key; value: State };
  bases: { key: Key; value: Saved["base"] };
}

/** The states of a room that this browser keeps, for deciding whose a new tab continues. */
export interface KeptStates {
  /** Client ids of a room, those with something unsent first, then the newest first. */
  clients(room: string): Promise<readonly string[]>;
  /** Those of them with something unsent. */
  unsent(room: string): Promise<readonly string[]>;
}

/** An outbox that knows all that this browser keeps. */
export type BrowserOutbox = Outbox & KeptStates;

const stale = 30 * 24 * 60 * 60 * 1000;

/** The outbox of this browser. Where IndexedDB is forbidden, it lasts as long as the page. */
export async function browserOutbox(): Promise<BrowserOutbox> {
  try {
    const outbox = new IndexedOutbox(await open());
    void outbox.prune(Date.now()).catch(() => undefined); // it is tried again at the next visit
    return outbox;
  } catch {
    const none = (): Promise<readonly string[]> => Promise.resolve([]);
    return { ...memoryOutbox(), clients: none, unsent: none };
  }
}

function open(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>("codecollab", 1, {
    upgrade(db) {
      db.createObjectStore("states");
      db.createObjectStore("bases");
    },
    blocking(_current, _blocked, event) {
      // A newer page wants another layout of the database: this one lets go.
      (event.target as IDBDatabase).close();
    },
  });
}

/**
 * Forgets the texts of rooms that this browser keeps, for who has signed out: each as soon as no tab uses it, and none with anything
 * unsent. Without locks (plain HTTP) nobody could tell what is used, and all stays. Resolves when it is done; rejects without storage.
 */
export async function forgetRooms(): Promise<void> {
  if (!("locks" in navigator)) return;
  const db = await open();
  const kept = await db.getAllKeys("states");
  await Promise.all(kept.map((key) => navigator.locks.request(lockOf(...key), () => forgetState(db, key))));
  db.close();
}

async function forgetState(db: IDBPDatabase<Schema>, key: Key): Promise<void> {
  const tx = db.transaction(["states", "bases"], "readwrite");
  const state = await tx.objectStore("states").get(key);
  if (state !== undefined && !isUnsent(state)) await Promise.all([tx.objectStore("states").delete(key), tx.objectStore("bases").delete(key)]);
  await tx.done;
}

class IndexedOutbox implements BrowserOutbox {
  private readonly written = new Map<string, Saved["base"]>();

  constructor(private readonly db: IDBPDatabase<Schema>) {}

  async load(room: string, client?: string): Promise<Saved | undefined> {
    const id = client ?? (await this.clients(room))[0];
    if (id === undefined) return undefined;
    const tx = this.db.transaction(["states", "bases"]);
    const key: Key = [room, id];
    const [state, base] = await Promise.all([tx.objectStore("states").get(key), tx.objectStore("bases").get(key)]);
    if (state === undefined || base === undefined) return undefined;
    return { ...state, base };
  }

  async save(room: string, saved: Saved): Promise<void> {
    const { base, ...state } = saved;
    const key: Key = [room, saved.client];
    const name = key.join("/");
    const tx = this.db.transaction(["states", "bases"], "readwrite", { durability: "relaxed" });
    const writes: Promise<unknown>[] = [tx.objectStore("states").put(state, key)];
    // The client gives the same object as long as the base has not changed.
    if (this.written.get(name) !== base) writes.push(tx.objectStore("bases").put(base, key));
    // The page may be gone before the writes have answered: what is committed by then is kept all the same.
    tx.commit();
    await Promise.all([...writes, tx.done]);
    this.written.set(name, base);
  }

  async clear(room: string, client?: string): Promise<void> {
    const tx = this.db.transaction(["states", "bases"], "readwrite");
    const which = client === undefined ? IDBKeyRange.bound([room, ""], [room, "\uffff"]) : IDBKeyRange.only([room, client]);
    await Promise.all([tx.objectStore("states").delete(which), tx.objectStore("bases").delete(which), tx.done]);
    this.written.clear();
  }

  async clients(room: string): Promise<readonly string[]> {
    const states = await this.states(room);
    return states.toSorted((a, b) => Number(isUnsent(b)) - Number(isUnsent(a)) || b.at - a.at).map((s) => s.client);
  }

  async unsent(room: string): Promise<readonly string[]> {
    return (await this.states(room)).filter(isUnsent).map((s) => s.client);
  }

  /** Forgets what is old and was sent long ago. */
  async prune(now: number): Promise<void> {
    const tx = this.db.transaction(["states", "bases"], "readwrite");
    for (let cursor = await tx.objectStore("states").openCursor(); cursor !== null; cursor = await cursor.continue()) {
      if (now - cursor.value.at < stale || isUnsent(cursor.value)) continue;
      await Promise.all([cursor.delete(), tx.objectStore("bases").delete(cursor.primaryKey)]);
    }
    await tx.done;
  }

  private states(room: string): Promise<State[]> {
    return this.db.getAll("states", IDBKeyRange.bound([room, ""], [room, "\uffff"]));
  }
}

function isUnsent(state: State): boolean {
  return hasUnsent({ ...state, base: emptyBase });
}

const emptyBase: Saved["base"] = { version: 0, language: "", files: [], people: [], runs: [] };
