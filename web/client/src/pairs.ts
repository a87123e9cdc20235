import { ChangeSet, type Text } from "@codemirror/state";
import { textOf } from "./changes";

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Whether a string has no surrogate without its other half. */
export function isWhole(s: string): boolean {
  for (let i = 0; i < s.length; i++) {
    const unit = s.charCodeAt(i);
    if (isLow(unit)) return false;
    if (isHigh(unit)) {
      if (!isLow(s.charCodeAt(i + 1))) return false;
      i++;
    }
  }
  return true;
}

/** The string with every surrogate that lacks its other half replaced by U+FFFD. */
export function wholeString(s: string): string {
  if (isWhole(s)) return s;
  return Array.from(s, (c) => (c.length === 1 && !isWhole(c) ? "\ufffd" : c)).join("");
}

/** Whether a surrogate pair lies around a position. */
export function splitsPair(doc: Text, pos: number): boolean {
  if (pos <= 0 || pos >= doc.length) return false;
  const around = doc.sliceString(pos - 1, pos + 1);
  return isHigh(around.charCodeAt(0)) && isLow(around.charCodeAt(1));
}

/**
 * The same change without boundaries inside surrogate pairs: the server refuses those, and some input methods make them
 * (😀 → 😁 as a change of the second half only). The answer is undefined when the result would hold half a pair.
 */
export function wholePairs(set: ChangeSet, doc: Text): ChangeSet | undefined {
  let good = true;
  set.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
    if (!good) return;
    good = !splitsPair(doc, fromA) && !splitsPair(doc, toA) && isWhole(inserted.toString());
  }, true);
  if (good) return set;

  let from = doc.length;
  let to = 0;
  set.iterChangedRanges((fromA, toA) => {
    from = Math.min(from, fromA);
    to = Math.max(to, toA);
  });
  const after = set.apply(doc);
  const grown = after.length - doc.length;
  if (splitsPair(doc, from) || splitsPair(after, from)) from--;
  if (splitsPair(doc, to) || splitsPair(after, to + grown)) to++;
  const insert = after.sliceString(from, to + grown);
  return isWhole(insert) ? ChangeSet.of({ from, to, insert: textOf(insert) }, doc.length) : undefined;
}
