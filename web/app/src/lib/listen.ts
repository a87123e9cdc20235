/** Listens for an event; the answer ends it. */
export function listen<E extends Event>(target: EventTarget, type: string, f: (event: E) => void): () => void {
  const listener = (event: Event): void => f(event as E);
  target.addEventListener(type, listener);
  return () => target.removeEventListener(type, listener);
}
