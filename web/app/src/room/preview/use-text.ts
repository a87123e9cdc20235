import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useSession } from "../context";

/** A file's text, told again when it has rested for so long, in milliseconds, or after ten times that. */
export function useFileText(file: string, rest: number): string {
  const { client } = useSession();
  const now = useSyncExternalStore(
    (f) => client.subscribe(f),
    () => client.text(file),
  );
  const rested = useRested(now, rest, file);
  return rested.toString();
}

/** The texts of all files by name, as with useFileText; the same map until one of them changes. */
export function useFiles(rest: number): ReadonlyMap<string, string> {
  const { client } = useSession();
  const last = useRef<ReadonlyMap<string, { toString(): string }>>(new Map());
  const read = useCallback(() => {
    const texts = new Map(client.view().files.map(({ id, name }) => [name, client.text(id)]));
    const before = last.current;
    if (texts.size !== before.size || [...texts].some(([name, text]) => before.get(name) !== text)) last.current = texts;
    return last.current;
  }, [client]);
  const now = useSyncExternalStore((f) => client.subscribe(f), read);
  const rested = useRested(now, rest, "");
  const [made, setMade] = useState({ from: rested, texts: strings(rested) });
  if (made.from !== rested) setMade({ from: rested, texts: strings(rested) });
  return made.from === rested ? made.texts : strings(rested);
}

function strings(texts: ReadonlyMap<string, { toString(): string }>): ReadonlyMap<string, string> {
  return new Map([...texts].map(([name, text]) => [name, text.toString()]));
}

/** A value that is passed on when it has not changed for a while, at once when the key is another, and never later than ten times that. */
export function useRested<T>(value: T, rest: number, key: string): T {
  const [told, setTold] = useState({ key, value });
  const since = useRef<number>(undefined);
  if (told.key !== key) setTold({ key, value });
  useEffect(() => {
    if (told.value === value) {
      since.current = undefined;
      return;
    }
    since.current ??= Date.now();
    const wait = Math.max(0, Math.min(rest, since.current + 10 * rest - Date.now()));
    const timer = setTimeout(() => setTold({ key, value }), wait);
    return () => clearTimeout(timer);
  }, [value, told, rest, key]);
  return told.key === key ? told.value : value;
}
