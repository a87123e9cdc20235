import type { ChangeSet, Text } from "@codemirror/state";
import { bytesOf } from "./changes";
import { english, type Phrases } from "./phrases";
import { wholePairs, wholeString } from "./pairs";
import type * as wire from "./wire.gen";

/** The answer to whether an edit may be made; the message is for the user. */
export type EditCheck = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** The server's own defaults, until it has told its limits. */
export const defaultLimits: wire.Limits = { batch_bytes: 1 << 20, file_units: 5 << 20, files: 500, chat_units: 4000 };

/** How large a group of edits may grow, in bytes: what is left is for mapping it and for the message around it. */
export function groupBytes(limits: wire.Limits): number {
  return Math.floor(limits.batch_bytes * 0.75);
}

/** Why the user may not change anything, in words. */
export function refusalWords(refusal: "view_only" | "locked" | "not_runner", phrases: Phrases): string {
  if (refusal === "not_runner") return phrases.notRunner;
  return refusal === "locked" ? phrases.locked : phrases.viewOnly;
}

/** Whether a change fits a text and the limits. */
export function checkEdit(text: Text | undefined, changes: ChangeSet, limits: wire.Limits, phrases: Phrases = english): EditCheck {
  if (text === undefined) return no(phrases.noFile);
  if (changes.length !== text.length) return no(phrases.otherText);
  const { newLength } = changes;
  if (newLength > limits.file_units && newLength > text.length) {
    return no(phrases.fileTooLong(phrases.number(newLength), phrases.number(limits.file_units)));
  }
  // A unit is six bytes at the most (an escaped control character): small changes need no closer look.
  if (newLength * 6 + 1024 > limits.batch_bytes) {
    const bytes = bytesOf(changes);
    if (bytes > limits.batch_bytes * 0.9) {
      return no(phrases.changeTooLarge(phrases.number(bytes), phrases.number(limits.batch_bytes * 0.9)));
    }
  }
  if (wholePairs(changes, text) === undefined) return no(phrases.halfCharacter);
  return { ok: true };
}

function no(message: string): EditCheck {
  return { ok: false, message };
}

/** Input goes in parts of at most so many UTF-16 units: each is three bytes at most, and a message may have 64 KiB of them. */
const inputUnits = 20_000;

/** Cuts what is typed into parts that the server takes, between characters. */
export function pieces(data: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < data.length; ) {
    let end = at + inputUnits;
    if (end < data.length && /[\uD800-\uDBFF]/.test(data[end - 1] ?? "")) end--;
    parts.push(wholeString(data.slice(at, end)));
    at = end;
  }
  return parts;
}
