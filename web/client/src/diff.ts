import { ChangeSet, type Text } from "@codemirror/state";
import { textOf } from "./changes";
import { splitsPair } from "./pairs";

/**
 * A change set that turns one text into another: the middle that differs is replaced, as whole surrogate pairs. It is
 * for repairs, where the true changes are not known.
 */
export function diff(a: Text, b: Text): ChangeSet {
  if (a.eq(b)) return ChangeSet.empty(a.length);
  const from = a.toString();
  const to = b.toString();
  const most = Math.min(from.length, to.length);
  let start = 0;
  while (start < most && from.charCodeAt(start) === to.charCodeAt(start)) start++;
  let end = 0;
  while (end < most - start && from.charCodeAt(from.length - 1 - end) === to.charCodeAt(to.length - 1 - end)) end++;
  if (splitsPair(a, start) || splitsPair(b, start)) start--;
  if (splitsPair(a, a.length - end) || splitsPair(b, b.length - end)) end--;
  return ChangeSet.of(
    { from: start, to: from.length - end, insert: textOf(to.slice(start, to.length - end)) },
    from.length,
  );
}
