import type { Text } from "@codemirror/state";

/** How a file is indented: a tab, or so many spaces. */
export type Indent = { readonly unit: string; readonly words: string };

/** The indentation that a file uses, by its first lines; where it has none, what its language is used to. */
export function detectIndent(doc: Text, usual: string): Indent {
  let tabs = 0;
  const steps = new Map<number, number>();
  let before = 0;
  for (let n = 1; n <= Math.min(doc.lines, 400); n++) {
    const text = doc.line(n).text;
    if (text.trim() === "") continue;
    if (text.startsWith("\t")) {
      tabs++;
      continue;
    }
    const width = /^ */.exec(text)?.[0].length ?? 0;
    const step = Math.abs(width - before);
    if (step >= 2 && step <= 8) steps.set(step, (steps.get(step) ?? 0) + 1);
    before = width;
  }
  let best = 0;
  let most = 0;
  for (const [step, times] of steps) {
    if (times > most || (times === most && step < best)) [best, most] = [step, times];
  }
  if (tabs > most) return tab;
  if (most > 0) return spaces(best);
  return usual === "\t" ? tab : spaces(usual.length || 4);
}

const tab: Indent = { unit: "\t", words: "Tabs" };

function spaces(n: number): Indent {
  return { unit: " ".repeat(n), words: `Spaces: ${n}` };
}
