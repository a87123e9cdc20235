import { RangeSet, StateEffect, StateField, type ChangeDesc, type Extension, type Range, type Text } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutterLineClass, WidgetType, type DecorationSet } from "@codemirror/view";

/** What is wrong with a line. */
export type LineMark = { readonly line: number; readonly column?: number; readonly message: string; readonly warning: boolean };

type Mark = Omit<LineMark, "line" | "column"> & { readonly from: number; readonly at?: number };

/** Replaces all marks of a text. Of several on a line the first is shown. */
export const setMarks = StateEffect.define<readonly LineMark[]>();

const marks = StateField.define<readonly Mark[]>({
  create: () => [],
  update: (list, tr) => {
    let now = tr.docChanged && list.length > 0 ? moved(list, tr.startState.doc, tr.changes) : list;
    for (const effect of tr.effects) if (effect.is(setMarks)) now = placed(effect.value, tr.state.doc);
    return now;
  },
  provide: (field) => [EditorView.decorations.from(field, decorations), gutterLineClass.from(field, gutter)],
});

/** Marks on lines, from a compiler or a program. A mark goes away when its line is edited, whoever edits it. */
export const lineMarks: Extension = marks;

/** The marks that a text has, by line. */
export function marksIn(doc: Text, list: readonly Mark[]): LineMark[] {
  return list.map(({ from, message, warning }) => ({ line: doc.lineAt(from).number, message, warning }));
}

/** The field, for those who ask a state for its marks. */
export const marksField = marks;

function placed(list: readonly LineMark[], doc: Text): readonly Mark[] {
  const byLine = new Map<number, Mark>();
  for (const { line, column, message, warning } of list) {
    if (line < 1 || line > doc.lines) continue;
    const known = byLine.get(line);
    if (known !== undefined && (warning || !known.warning)) continue;
    const { from, to } = doc.line(line);
    const at = column === undefined ? undefined : from + column - 1;
    byLine.set(line, { from, message, warning, ...(at === undefined || at >= to ? {} : { at }) });
  }
  return [...byLine.values()].sort((a, b) => a.from - b.from);
}

/** The marks after a change: those of lines that it touches are gone. */
function moved(list: readonly Mark[], before: Text, changes: ChangeDesc): readonly Mark[] {
  const touched: { from: number; to: number }[] = [];
  changes.iterChangedRanges((from, to) => touched.push({ from, to }));
  const kept: Mark[] = [];
  for (const mark of list) {
    const line = before.lineAt(mark.from);
    if (touched.some(({ from, to }) => from <= line.to && to >= line.from)) continue;
    kept.push({
      ...mark,
      from: changes.mapPos(mark.from, 1),
      ...(mark.at === undefined ? {} : { at: changes.mapPos(mark.at, 1) }),
    });
  }
  return kept;
}

function decorations(list: readonly Mark[]): DecorationSet | ((view: EditorView) => DecorationSet) {
  if (list.length === 0) return Decoration.none;
  return (view) => {
    const { doc } = view.state;
    const ranges: Range<Decoration>[] = [];
    for (const { from, at, message, warning } of list) {
      const line = doc.lineAt(from);
      const kind = warning ? "warning" : "error";
      ranges.push(Decoration.line({ class: `problem-line ${kind}` }).range(line.from));
      const start = at ?? line.from + (/^\s*/.exec(line.text)?.[0].length ?? 0);
      const word = at === undefined ? line.to : start + (/^[\p{L}\p{N}_]+|^./u.exec(line.text.slice(start - line.from))?.[0].length ?? 0);
      if (word > start) ranges.push(Decoration.mark({ class: `problem-text ${kind}` }).range(start, word));
      ranges.push(Decoration.widget({ widget: new Words(message, kind), side: 1 }).range(line.to));
    }
    return Decoration.set(ranges, true);
  };
}

class Dot extends GutterMarker {
  constructor(override readonly elementClass: string) {
    super();
  }
}

const dots = { error: new Dot("problem-dot error"), warning: new Dot("problem-dot warning") };

function gutter(list: readonly Mark[]): RangeSet<GutterMarker> {
  return RangeSet.of(list.map(({ from, warning }) => dots[warning ? "warning" : "error"].range(from)));
}

/** The words behind the line. Readers find them in the list of problems beside the output. */
class Words extends WidgetType {
  constructor(
    readonly message: string,
    readonly kind: string,
  ) {
    super();
  }

  override eq(other: Words): boolean {
    return other.message === this.message && other.kind === this.kind;
  }

  override toDOM(): HTMLElement {
    const span = document.createElement("span");
    span.className = `problem-words ${this.kind}`;
    span.setAttribute("aria-hidden", "true");
    span.title = this.message;
    span.textContent = this.message;
    return span;
  }

  override ignoreEvent(): boolean {
    return false;
  }
}
