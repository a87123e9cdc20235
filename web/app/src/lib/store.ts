import { useSyncExternalStore } from "react";

/** Something that has a value and tells when it changes. */
export interface Readable<T> {
  get(): T;
  subscribe(f: () => void): () => void;
}

/** A value outside of React that components read through useStore. */
export class Store<T> implements Readable<T> {
  private readonly subscribers = new Set<() => void>();

  constructor(private value: T) {}

  readonly get = (): T => this.value;

  readonly subscribe = (f: () => void): (() => void) => {
    this.subscribers.add(f);
    return () => this.subscribers.delete(f);
  };

  /** Replaces the value; nobody is told when it is the same one. */
  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const f of this.subscribers) f();
  }

  /** Replaces the value by one made from it. */
  update(f: (value: T) => T): void {
    this.set(f(this.value));
  }
}

/** The value of a store; the component renders again when it changes. */
export function useStore<T>(store: Readable<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
