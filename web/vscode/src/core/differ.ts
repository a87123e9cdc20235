import { diff } from "@codecollab/client";
import { ChangeSet, type Text } from "@codemirror/state";
import fastDiff from "fast-diff";
import { textOf } from "./places";

/** Longer stretches are replaced as a whole: looking for what is common in them would take seconds. */
const longest = 20_000;

/** Few and small changes that turn a text into another, for texts whose true changes are not known. */
export function differ(a: Text, b: Text): ChangeSet {
  const rough = diff(a, b); // what differs, as one stretch
  const specs: { from: number; to?: number; insert?: Text }[] = [];
  rough.iterChanges((from, to, fromB, toB) => {
    let at = from;
    const [old, fresh] = [a.sliceString(from, to), b.sliceString(fromB, toB)];
    if (old === "" || fresh === "" || old.length + fresh.length > longest) specs.push({ from, to, insert: textOf(fresh) });
    else {
      for (const [kind, piece] of fastDiff(old, fresh)) {
        if (kind === fastDiff.INSERT) specs.push({ from: at, insert: textOf(piece) });
        else {
          if (kind === fastDiff.DELETE) specs.push({ from: at, to: at + piece.length });
          at += piece.length;
        }
      }
    }
  });
  return ChangeSet.of(specs, a.length);
}
