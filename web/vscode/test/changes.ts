import { ChangeSet, type Text } from "@codemirror/state";
import type { Random } from "../../client/test/support/random";
import { textOf } from "../src/core/places";

const pieces = ["a", "word", "\n", "zwei\nZeilen", "😀", "\t", "x".repeat(50), "é", "\n\n"];

/** A change of one to three places, never within a pair. */
export function randomChange(random: Random, text: Text): ChangeSet {
  const specs: { from: number; to: number; insert: Text }[] = [];
  let at = 0;
  const safe = (n: number): number => (n > 0 && n < text.length && /[\uDC00-\uDFFF]/.test(text.sliceString(n, n + 1)) ? n + 1 : n);
  for (let n = 1 + random.below(3); n > 0 && at <= text.length; n--) {
    const from = safe(at + random.below(text.length - at + 1));
    const most = text.length > 4000 ? 60 : 8;
    const to = Math.max(from, random.oneIn(2) ? from : safe(Math.min(text.length, from + random.below(most))));
    const insert = to > from && random.oneIn(2) ? "" : random.pick(pieces);
    specs.push({ from, to, insert: textOf(insert) });
    at = to + 1;
  }
  return ChangeSet.of(specs, text.length);
}
