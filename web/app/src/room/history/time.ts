import type { Words } from "../../words";

const dates = new Map<string, Intl.DateTimeFormat>();

/** When something was, to the second, in the language of the page. */
export function when(at: number, locale: string): string {
  let format = dates.get(locale);
  if (format === undefined) dates.set(locale, (format = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" })));
  return format.format(at);
}

/** When something was, in a few letters: the time of today, else the day. */
export function brief(at: number, now: number, locale: string): string {
  const [day, today] = [new Date(at), new Date(now)];
  if (day.toDateString() === today.toDateString()) return day.toLocaleTimeString(locale, { timeStyle: "short" });
  const year = day.getFullYear() === today.getFullYear() ? {} : ({ year: "numeric" } as const);
  return day.toLocaleDateString(locale, { day: "numeric", month: "short", ...year });
}

/** How long something was, roughly. */
export function roughly(ms: number, { lengths }: Words["history"]): string {
  const minutes = ms / 60_000;
  if (minutes < 100) return lengths.minutes(Math.round(minutes));
  if (minutes < 36 * 60) return lengths.hours(Math.round(minutes / 60));
  return lengths.days(Math.round(minutes / 1440));
}
