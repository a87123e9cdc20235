import { locale } from "../words";

/** A day, as it is said in the page's language: "28 Nov 2026". */
export function day(at: number): string {
  return new Intl.DateTimeFormat(locale.get() === "de" ? "de-DE" : "en-GB", { dateStyle: "medium" }).format(at);
}

/** A time of the day: "14:05". */
export function clock(at: number): string {
  return new Intl.DateTimeFormat(locale.get() === "de" ? "de-DE" : "en-GB", { timeStyle: "short" }).format(at);
}

/** A day and a time. */
export function moment(at: number): string {
  return new Intl.DateTimeFormat(locale.get() === "de" ? "de-DE" : "en-GB", { dateStyle: "medium", timeStyle: "medium" }).format(at);
}
