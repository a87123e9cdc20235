/** "1 person", "2 people". */
export function count(n: number, one: string, many: string): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

/** A number of bytes in words: "812 bytes", "1.2 MB". */
export function bytes(n: number): string {
  if (n < 1000) return count(n, "byte", "bytes");
  for (const [size, unit] of [
    [1e9, "GB"],
    [1e6, "MB"],
    [1e3, "kB"],
  ] as const) {
    if (n >= size * 0.9995) return `${(n / size).toFixed(n >= size * 99.95 ? 0 : 1)} ${unit}`;
  }
  return `${n} bytes`;
}

/** A duration in milliseconds, as a person reads it: "8 ms", "0.42 s", "12.3 s", "2 min 5 s". */
export function duration(ms: number): string {
  if (ms < 100) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 9_995) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** How long ago something was, roughly: "now", "5 min ago", "yesterday". */
export function ago(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  return days === 1 ? "yesterday" : `${days} days ago`;
}

/** A room's id as a title: the words to know it by, and the part that keeps it secret. */
export function roomTitle(room: string): { words: string; rest: string } {
  const match = /^([a-z]+-[a-z]+)-(.+)$/.exec(room);
  if (match === null) return { words: room, rest: "" };
  return { words: match[1] ?? room, rest: match[2] ?? "" };
}
