import type { wire } from "@codecollab/client";

/** Messages of one person, one soon after the other. */
export type Group = {
  readonly by: string;
  readonly at: number;
  /** The first of a day. */
  readonly newDay: boolean;
  readonly messages: readonly wire.ChatMessage[];
};

/** A message this much later, in milliseconds, begins a new group. */
const pause = 5 * 60_000;

/** Puts messages together by person and time, oldest first. */
export function groupsOf(messages: readonly wire.ChatMessage[]): Group[] {
  const groups: { by: string; at: number; newDay: boolean; messages: wire.ChatMessage[] }[] = [];
  let before: wire.ChatMessage | undefined;
  for (const message of messages) {
    const last = groups.at(-1);
    const newDay = before === undefined || day(before.at) !== day(message.at);
    if (last === undefined || newDay || last.by !== message.by || message.at - (before?.at ?? 0) > pause) {
      groups.push({ by: message.by, at: message.at, newDay, messages: [message] });
    } else {
      last.messages.push(message);
    }
    before = message;
  }
  return groups;
}

function day(at: number): string {
  return new Date(at).toDateString();
}

/** A day in words: today, yesterday, or its date. */
export function dayWords(at: number, now: number, words: { readonly today: string; readonly yesterday: string }, locale: string): string {
  if (day(at) === day(now)) return words.today;
  const before = new Date(now);
  before.setDate(before.getDate() - 1);
  if (day(at) === before.toDateString()) return words.yesterday;
  return new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" }).format(at);
}
