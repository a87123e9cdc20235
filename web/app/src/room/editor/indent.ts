import type { RoomSettings } from "@codecollab/client";
import type { Text } from "@codemirror/state";

/** How a file is indented: by tabs, or by spaces; width is that of a level. */
export type Indent = { readonly by: "tabs" | "spaces"; readonly width: number };

/** How wide a tab is where nobody has said. */
export const usualTabWidth = 4;

/** One level of indentation as it is written. */
export function unitOf({ by, width }: Indent): string {
  return by === "tabs" ? "\t" : " ".repeat(width);
}

/** The indentation of a file: what the room has settled, else what the file uses, else what its language is used to. */
export function indentOf(doc: Text, usual: string, settings: RoomSettings | undefined): Indent {
  const width = settings?.tab_width ?? usualTabWidth;
  if (settings?.indent === "tabs") return { by: "tabs", width };
  if (settings?.indent === "spaces") return { by: "spaces", width };
  const found = detectIndent(doc);
  if (found === "tabs" || (found === undefined && usual === "\t")) return { by: "tabs", width };
  return { by: "spaces", width: found ?? (settings === undefined ? usual.length || usualTabWidth : width) };
}

/** The indentation that a file uses, by its first lines: tabs, or so many spaces; undefined where it has none. */
export function detectIndent(doc: Text): "tabs" | number | undefined {
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
  if (tabs > most) return "tabs";
  return most > 0 ? best : undefined;
}
