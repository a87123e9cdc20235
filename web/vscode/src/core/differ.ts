import { ChangeSet, type Text } from "@codemirror/state";
import fastDiff from "fast-diff";
import { textOf } from "./places";

/** Longer stretches are replaced as a whole: looking for what is common in them would take seconds. */
const longest = 20_000;

/** Few and small changes that turn a text into another, for texts whose true changes are not known. */
export function differ(a: Text, b: Text): ChangeSet {
  if (a.eq(b)) return ChangeSet.empty(a.length);
  const from = a.toString();
  const to = b.toString();
  const most = Math.min(from.length, to.length);
  let start = 0;
  while (start < most && from.charCodeAt(start) === to.charCodeAt(start)) start++;
  let end = 0;
  while (end < most - start && from.charCodeAt(from.length - 1 - end) === to.charCodeAt(to.length - 1 - end)) end++;
  if (splits(from, start) || splits(to, start)) start--;
  if (splits(from, from.length - end) || splits(to, to.length - end)) end--;
  const old = from.slice(start, from.length - end);
  const fresh = to.slice(start, to.length - end);
  if (old.length + fresh.length > longest || old === "" || fresh === "") {
    return ChangeSet.of({ from: start, to: start + old.length, insert: textOf(fresh) }, from.length);
  }
  const specs: { from: number; to?: number; insert?: Text }[] = [];
  let at = start;
  for (const [kind, piece] of fastDiff(old, fresh)) {
    if (kind === fastDiff.INSERT) specs.push({ from: at, insert: textOf(piece) });
    else {
      if (kind === fastDiff.DELETE) specs.push({ from: at, to: at + piece.length });
      at += piece.length;
    }
  }
  return ChangeSet.of(specs, from.length);
}

function splits(s: string, at: number): boolean {
  return at > 0 && at < s.length && /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(s.slice(at - 1, at + 1));
}
