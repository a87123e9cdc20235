import { StateEffect, StateField, type Extension } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";

/** Marks a line, counted from 1, in the place of the one that was marked; undefined takes the mark away. */
export const setHintLine = StateEffect.define<number | undefined>();

const line = Decoration.line({ class: "hint-line" });

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marked, tr) {
    let now = marked.map(tr.changes);
    for (const effect of tr.effects) {
      if (!effect.is(setHintLine)) continue;
      const n = effect.value;
      now = n === undefined || n < 1 || n > tr.state.doc.lines ? Decoration.none : Decoration.set([line.range(tr.state.doc.line(n).from)]);
    }
    return now;
  },
  provide: (f) => EditorView.decorations.from(f),
});

/** The mark of a hint. It moves with its line. */
export const hintLine: Extension = field;

/** Whether a state knows how to mark, and what brings it that. */
export function marking(known: { field: (f: typeof field, require: false) => DecorationSet | undefined }): StateEffect<unknown>[] {
  return known.field(field, false) === undefined ? [StateEffect.appendConfig.of(field)] : [];
}

/** The line where a text stands that stood in a line before: that one when it still does, else the nearest; undefined when it is gone. */
export function lineOf(lines: (n: number) => string, count: number, was: number, text: string): number | undefined {
  if (text === "") return was <= count ? was : undefined;
  for (let away = 0; away < Math.max(count, was); away++) {
    for (const n of [was - away, was + away]) if (n >= 1 && n <= count && lines(n).trim().startsWith(text)) return n;
  }
  return undefined;
}
