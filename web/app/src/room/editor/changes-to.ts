import { ChangeSet, Text } from "@codemirror/state";

/**
 * The changes that make one text another, as small as can be found quickly, so that carets stay where they are and what
 * others write beside them is not disturbed. Characters of two units are not cut.
 */
export async function changesTo(before: Text, after: string): Promise<ChangeSet> {
  const { diff } = await import("@codemirror/merge");
  const a = before.toString();
  const specs = diff(a, after, { scanLimit: 2000, timeout: 300 }).map(({ fromA, toA, fromB, toB }) => {
    let [from, to, start, end] = [fromA, toA, fromB, toB];
    if (cuts(a, from) || cuts(after, start)) [from, start] = [from - 1, start - 1];
    if (cuts(a, to) || cuts(after, end)) [to, end] = [to + 1, end + 1];
    return { from, to, insert: Text.of(after.slice(start, end).split("\n")) };
  });
  return ChangeSet.of(specs, before.length);
}

/** Whether a place is between the two units of one character. */
function cuts(text: string, at: number): boolean {
  return /[\uD800-\uDBFF]/.test(text[at - 1] ?? "") && /[\uDC00-\uDFFF]/.test(text[at] ?? "");
}

/**
 * Changes to a text, brought over others that were made to it meanwhile; undefined when the two are about the same
 * place, where nobody can say what both would have wanted.
 */
export function over(changes: ChangeSet, meanwhile: ChangeSet): ChangeSet | undefined {
  if (meanwhile.empty) return changes;
  let meet = false;
  meanwhile.iterChangedRanges((from, to) => {
    if (changes.touchesRange(from, to) !== false) meet = true;
  });
  return meet ? undefined : changes.map(meanwhile);
}
