const prefix = "codecollab:";

/** What this browser remembers under a key; undefined when nothing, or when storage is forbidden. */
export function recall(key: string, where: "local" | "session" = "local"): string | undefined {
  try {
    return area(where).getItem(prefix + key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers a value; where storage is forbidden or full it is forgotten, and nothing else goes wrong. */
export function remember(key: string, value: string, where: "local" | "session" = "local"): void {
  try {
    area(where).setItem(prefix + key, value);
  } catch {
    // Only a convenience is lost.
  }
}

/** Forgets a value. */
export function forget(key: string, where: "local" | "session" = "local"): void {
  try {
    area(where).removeItem(prefix + key);
  } catch {
    // It is not there either way.
  }
}

/** A remembered list of strings; whatever else is stored there counts as nothing. */
export function recallList(key: string): string[] {
  try {
    const value: unknown = JSON.parse(recall(key) ?? "[]");
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  } catch {
    return [];
  }
}

/** Remembers an item as the newest of a list of at most max. */
export function rememberFirst(key: string, item: string, max: number): void {
  remember(key, JSON.stringify([item, ...recallList(key).filter((other) => other !== item)].slice(0, max)));
}

function area(where: "local" | "session"): Storage {
  return where === "local" ? localStorage : sessionStorage;
}
