import type { Text } from "@codemirror/state";
import type { BlameAnswer } from "./api";

/** Who wrote a line: whoever wrote most of what is in it now, and who else. */
export type LineBlame = {
  readonly by: string;
  /** The newest version at which they began to write in it, and when that was. */
  readonly version: number;
  readonly at: number;
  readonly others: readonly string[];
};

type Share = { units: number; version: number; at: number };

/** Who wrote each line of a text. A line feed counts to its line. */
export function blameLines(text: Text, { stints, spans }: BlameAnswer): readonly LineBlame[] {
  const out: LineBlame[] = [];
  let span = 0;
  let left = spans[0] ?? 0;
  for (let n = 1; n <= text.lines; n++) {
    const shares = new Map<string, Share>();
    const { from, to } = text.line(n);
    let units = to - from + (n < text.lines ? 1 : 0);
    while (units > 0 && span + 1 < spans.length) {
      const taken = Math.min(units, left);
      const stint = stints[spans[span + 1] ?? -1];
      if (stint !== undefined) add(shares, stint, taken);
      units -= taken;
      left -= taken;
      if (left === 0) {
        span += 2;
        left = spans[span] ?? 0;
      }
    }
    out.push(most(shares));
  }
  return out;
}

function add(shares: Map<string, Share>, { by, version, at }: BlameAnswer["stints"][number], units: number): void {
  const share = shares.get(by);
  if (share === undefined) {
    shares.set(by, { units, version, at });
    return;
  }
  share.units += units;
  if (version > share.version) [share.version, share.at] = [version, at];
}

function most(shares: ReadonlyMap<string, Share>): LineBlame {
  const [first, ...others] = [...shares].toSorted(([, a], [, b]) => b.units - a.units || b.version - a.version);
  if (first === undefined) return { by: "", version: 0, at: 0, others: [] };
  const [by, { version, at }] = first;
  return { by, version, at, others: others.map(([person]) => person) };
}
