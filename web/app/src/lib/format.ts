import { locale } from "../words";

/** Formatters are dear to make and cheap to keep: one for each language and use. */
const kept = new Map<string, Intl.NumberFormat>();

function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale.get() + JSON.stringify(options);
  const found = kept.get(key) ?? new Intl.NumberFormat(locale.get(), options);
  kept.set(key, found);
  return found;
}

/** A number in the page's language, with so many digits after the point. */
export function number(n: number, digits = 0): string {
  return numbers({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(n);
}

/** "1 person", "2 people". */
export function count(n: number, one: string, many: string): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/** A number of bytes in words: "812 bytes", "1.2 MB". */
export function bytes(n: number): string {
  for (const [size, unit] of [
    [1e9, "GB"],
    [1e6, "MB"],
    [1e3, "kB"],
  ] as const) {
    if (n >= size * 0.9995) return `${number(n / size, n >= size * 99.95 ? 0 : 1)} ${unit}`;
  }
  return numbers({ style: "unit", unit: "byte", unitDisplay: "long" }).format(n);
}

/** A duration in milliseconds, as a person reads it: "8 ms", "0.42 s", "12.3 s", "2 min 5 s". */
export function duration(ms: number): string {
  if (ms < 100) return `${number(Math.max(0, Math.round(ms)))} ms`;
  if (ms < 9_995) return `${number(ms / 1000, 2)} s`;
  if (ms < 59_950) return `${number(ms / 1000, 1)} s`;
  return `${number(Math.floor(ms / 60_000))} min ${number(Math.round((ms % 60_000) / 1000))} s`;
}

/** How long ago something was, roughly: "now", "5 min. ago", "yesterday". */
export function ago(at: number, now: number): string {
  const words = new Intl.RelativeTimeFormat(locale.get(), { numeric: "auto", style: "short" });
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return words.format(0, "second");
  if (minutes < 60) return words.format(-minutes, "minute");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return words.format(-hours, "hour");
  return words.format(-Math.floor(hours / 24), "day");
}

/** A day, in words: "3 December 2026". */
export function day(at: number): string {
  return new Intl.DateTimeFormat(locale.get(), { dateStyle: "long" }).format(at);
}

/** A room's id as a title: the words to know it by, and the part that keeps it secret. */
export function roomTitle(room: string): { words: string; rest: string } {
  const match = /^([a-z]+-[a-z]+)-(.+)$/.exec(room);
  if (match === null) return { words: room, rest: "" };
  return { words: match[1] ?? room, rest: match[2] ?? "" };
}
