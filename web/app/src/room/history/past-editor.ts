import { Compartment, EditorState, StateEffect, StateField, type Extension, type Range, type Text, type TransactionSpec } from "@codemirror/state";
import { Decoration, EditorView, gutter, GutterMarker, lineNumbers, WidgetType, type DecorationSet } from "@codemirror/view";
import { highlighting } from "../editor/highlight";
import { loadMode } from "../editor/modes";
import type { LineBlame } from "./lines";

/** A piece that is new, with the name and colour of who wrote it. */
export type Tint = { readonly from: number; readonly to: number; readonly name: string; readonly color: number };

/** A line's author as the gutter shows it. */
export type BlameMark = LineBlame & { readonly name: string; readonly color: number; readonly words: string; readonly brief: string };

const setTints = StateEffect.define<readonly Tint[]>();
const setBlame = StateEffect.define<readonly BlameMark[] | undefined>();

const tints = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, tr) {
    for (const effect of tr.effects) if (effect.is(setTints)) return tintSet(effect.value, tr.newDoc.length);
    return set.map(tr.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

const blame = StateField.define<readonly BlameMark[] | undefined>({
  create: () => undefined,
  update(marks, tr) {
    for (const effect of tr.effects) if (effect.is(setBlame)) return effect.value;
    return tr.docChanged ? undefined : marks;
  },
});

class Gone extends WidgetType {
  constructor(
    private readonly color: number,
    private readonly name: string,
  ) {
    super();
  }

  override eq(other: Gone): boolean {
    return other.color === this.color && other.name === this.name;
  }

  toDOM(): HTMLElement {
    const element = document.createElement("span");
    element.className = `fresh-gone p${this.color}`;
    element.title = this.name;
    return element;
  }
}

function tintSet(list: readonly Tint[], length: number): DecorationSet {
  const ranges = list.map(({ from, to, name, color }, i): Range<Decoration> => {
    const [start, end] = [Math.min(from, length), Math.min(to, length)];
    if (start >= end) return Decoration.widget({ widget: new Gone(color, name), side: 1 }).range(start);
    const newest = i === list.length - 1 ? " newest" : "";
    return Decoration.mark({ class: `fresh p${color}${newest}`, attributes: { title: name } }).range(start, end);
  });
  return Decoration.set(ranges, true);
}

class BlameMarker extends GutterMarker {
  constructor(
    private readonly mark: BlameMark,
    private readonly first: boolean,
  ) {
    super();
  }

  override eq(other: BlameMarker): boolean {
    return other.mark === this.mark && other.first === this.first;
  }

  override toDOM(): HTMLElement {
    const { color, name, words, brief } = this.mark;
    const element = document.createElement("span");
    element.className = `blame-mark p${color}`;
    element.title = words;
    if (!this.first) return element;
    element.append(span("blame-name", name), span("blame-when", brief));
    return element;
  }
}

function span(className: string, text: string): HTMLElement {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}

const blameGutter = gutter({
  class: "cm-blame",
  lineMarker(view, { from }) {
    const marks = view.state.field(blame, false);
    const n = view.state.doc.lineAt(from).number;
    const mark = marks?.[n - 1];
    if (mark === undefined || mark.version === 0) return null;
    const before = marks?.[n - 2];
    return new BlameMarker(mark, before?.by !== mark.by || before.version !== mark.version);
  },
  lineMarkerChange: (update) => update.startState.field(blame, false) !== update.state.field(blame, false),
});

/** What texts of the past have in common, wherever they are shown. */
export function pastText(label: string): Extension {
  return [
    lineNumbers(),
    highlighting,
    EditorState.readOnly.of(true),
    EditorView.contentAttributes.of({ "aria-label": label, "aria-readonly": "true", tabindex: "0", spellcheck: "false" }),
  ];
}

/** An editor that shows a text of the past and takes no changes. */
export class PastEditor {
  private readonly view: EditorView;
  private readonly language = new Compartment();
  private readonly label = new Compartment();
  private readonly blamed = new Compartment();
  private mode = "";
  private file: string | undefined;

  /** moved is told the line that the caret is in. */
  constructor(parent: HTMLElement, moved: (line: number) => void) {
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        extensions: [
          this.blamed.of([]),
          this.label.of(pastText("")),
          tints,
          blame,
          this.language.of([]),
          EditorView.updateListener.of(({ selectionSet, docChanged, state }) => {
            if (selectionSet || docChanged) moved(state.doc.lineAt(state.selection.main.head).number);
          }),
        ],
      }),
    });
  }

  /** Shows a text. With follow, the newest piece of it is brought into view. */
  show(file: string, label: string, text: Text, marks: readonly Tint[], follow: boolean): void {
    const { view } = this;
    const effects: StateEffect<unknown>[] = [setTints.of(marks)];
    const newest = marks.at(-1);
    if (follow && newest !== undefined) effects.push(EditorView.scrollIntoView(Math.min(newest.to, text.length), { y: "nearest", yMargin: 80 }));
    const spec: TransactionSpec = { ...difference(view.state.doc, text), effects };
    if (this.file !== file) view.scrollDOM.scrollTop = 0;
    this.file = file;
    view.dispatch({ effects: this.label.reconfigure(pastText(label)) });
    view.dispatch(spec);
  }

  /** Colours the text by a mode of the editor. */
  uses(mode: string): void {
    if (this.mode === mode) return;
    this.mode = mode;
    void loadMode(mode).then((language) => {
      if (this.mode === mode) this.view.dispatch({ effects: this.language.reconfigure(language) });
    });
  }

  /** Shows who wrote each line; undefined takes that away. */
  blame(marks: readonly BlameMark[] | undefined): void {
    this.view.dispatch({ effects: [this.blamed.reconfigure(marks === undefined ? [] : blameGutter), setBlame.of(marks)] });
  }

  /** The line that the caret is in. */
  line(): number {
    const { doc, selection } = this.view.state;
    return doc.lineAt(selection.main.head).number;
  }

  close(): void {
    this.view.destroy();
  }
}

/** The change that makes one text another: all between what they begin and end with in common. */
export function difference(before: Text, after: Text): { readonly changes?: { from: number; to: number; insert: Text } } {
  if (before.eq(after)) return {};
  const [a, b] = [before.toString(), after.toString()];
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  let end = 0;
  while (end < most - start && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)) end++;
  return { changes: { from: start, to: a.length - end, insert: after.slice(start, b.length - end) } };
}
