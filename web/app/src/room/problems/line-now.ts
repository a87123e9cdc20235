import type { Text } from "@codemirror/state";

/** Where a line of an earlier text is now; undefined when it is among what has changed since. */
export function lineNow(before: Text, now: Text, line: number): number | undefined {
  if (line < 1 || line > before.lines) return undefined;
  if (before.eq(now)) return line;
  if (sameFrom(before, now, line, "top")) return line;
  const fromEnd = before.lines - line;
  if (fromEnd < now.lines && sameFrom(before, now, line, "end")) return now.lines - fromEnd;
  return undefined;
}

/** Whether two texts have the same lines from the top, or the end, to a line of the first. */
function sameFrom(before: Text, now: Text, line: number, side: "top" | "end"): boolean {
  const count = side === "top" ? line : before.lines - line + 1;
  if (count > now.lines) return false;
  const first = side === "top" ? 1 : line;
  const a = before.sliceString(before.line(first).from, before.line(first + count - 1).to);
  const start = side === "top" ? 1 : now.lines - count + 1;
  return a === now.sliceString(now.line(start).from, now.line(start + count - 1).to);
}
