import type { Peer, RoomClient } from "@codecollab/client";
import { forceParsing, indentUnit } from "@codemirror/language";
import { Compartment, EditorSelection, EditorState, type Extension, type StateEffect, type Transaction, type TransactionSpec } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { Store } from "../../lib/store";
import { FileBinding, fromElsewhere } from "./binding";
import { detectIndent, type Indent } from "./indent";
import { loadMode } from "./modes";
import { caretsIn, caretsOf, remoteCarets, setCarets } from "./peers";
import { basics } from "./setup";

/** Where the user's caret is, for the status line. */
export type Place = { readonly line: number; readonly column: number; readonly selected: number; readonly carets: number };

type Open = {
  readonly binding: FileBinding;
  state: EditorState;
  mode: string;
  readonly language: Compartment;
  readonly indentation: Compartment;
  scroll?: StateEffect<unknown>;
};

const nowhere: Place = { line: 1, column: 1, selected: 0, carets: 1 };

/**
 * The one editor of a room page. It keeps a state for every file that was shown, with its own history, and shows one of
 * them at a time; edits from elsewhere reach the hidden ones too.
 */
export class EditorHost {
  readonly place = new Store<Place>(nowhere);
  readonly indent = new Store<Indent>({ unit: "    ", words: "Spaces: 4" });
  private readonly open = new Map<string, Open>();
  private readonly label = new Compartment();
  private view: EditorView | undefined;
  private file: string | undefined;
  private peers: readonly Peer[] = [];

  /** refused is told, in words for the user, why a change was not taken. */
  constructor(
    private readonly client: RoomClient,
    private readonly refused: (message: string) => void,
  ) {}

  /** Shows the editor in an element; the answer takes it away again. */
  mount(parent: HTMLElement): () => void {
    const view = new EditorView({
      parent,
      state: EditorState.create({ extensions: [EditorView.editable.of(false)] }),
      dispatchTransactions: (transactions) => this.dispatch(transactions),
    });
    this.view = view;
    const shown = this.file;
    this.file = undefined;
    if (shown !== undefined) this.show(shown, "", "");
    return () => {
      this.keep();
      this.view = undefined;
      view.destroy();
    };
  }

  /** Shows a file. Its name is the editor's name for screen readers, its mode the one it is coloured by. */
  show(file: string, name: string, mode: string): void {
    const entry = this.entry(file, mode);
    if (name !== "") this.named(entry, file, name);
    if (this.file !== file) {
      this.keep();
      this.file = file;
      this.view?.setState(entry.state);
      if (entry.scroll !== undefined) this.view?.dispatch({ effects: entry.scroll });
      this.indent.set(detectIndent(entry.state.doc, mode));
      this.tellPlace(entry.state);
      this.tellCaret(entry.state);
      this.showPeers(this.peers);
    }
    if (mode !== "" || entry.mode !== "") this.highlight(file, entry, mode);
  }

  /** Whether files exist: what is not among these any more is forgotten. */
  retain(files: ReadonlySet<string>): void {
    for (const [file, { binding }] of this.open) {
      if (files.has(file)) continue;
      binding.close();
      this.open.delete(file);
      if (this.file === file) this.file = undefined;
    }
  }

  /** Shows where others are. */
  showPeers(peers: readonly Peer[]): void {
    this.peers = peers;
    const { view, file } = this;
    if (view === undefined || file === undefined) return;
    const before = caretsIn(view.state);
    const now = caretsOf(peers, file, view.state.doc.length, before, Date.now());
    if (before.length > 0 || now.length > 0) view.dispatch({ effects: setCarets.of(now) });
  }

  /** Puts the caret somewhere in the shown file, in the middle of the view, and the focus into the editor. */
  jump(position: number): void {
    const { view } = this;
    if (view === undefined) return;
    const at = Math.min(position, view.state.doc.length);
    view.dispatch({ selection: EditorSelection.cursor(at), effects: EditorView.scrollIntoView(at, { y: "center" }) });
    view.focus();
  }

  /** Replaces the whole text of a file, as an edit of the user's that can be undone. */
  replace(file: string, text: string): void {
    const entry = this.entry(file, "");
    const spec = { changes: { from: 0, to: this.current(file, entry).doc.length, insert: text }, userEvent: "input.replace" };
    if (this.file === file && this.view !== undefined) this.view.dispatch(spec);
    else this.update(file, entry, spec);
  }

  /** The text of a file, and the line that a position of it is in. */
  line(file: string, position: number): number {
    const text = this.client.text(file);
    return text.lineAt(Math.min(position, text.length)).number;
  }

  /** Moves the focus into the text. */
  focus(): void {
    this.view?.focus();
  }

  /** Ends the ties to the client. */
  close(): void {
    for (const { binding } of this.open.values()) binding.close();
    this.open.clear();
  }

  private entry(file: string, mode: string): Open {
    const known = this.open.get(file);
    if (known !== undefined) return known;
    const language = new Compartment();
    const indentation = new Compartment();
    const doc = this.client.text(file);
    const state = EditorState.create({
      doc,
      extensions: [
        basics,
        remoteCarets,
        language.of([]),
        indentation.of(indentUnit.of(detectIndent(doc, mode).unit)),
        this.label.of([]),
      ],
    });
    const entry: Open = {
      state,
      mode: "",
      language,
      indentation,
      binding: new FileBinding(this.client, file, (spec) => this.update(file, entry, spec), this.refused),
    };
    this.open.set(file, entry);
    return entry;
  }

  private dispatch(transactions: readonly Transaction[]): void {
    const { view, file } = this;
    if (view === undefined) return;
    const entry = file === undefined ? undefined : this.open.get(file);
    const taken = entry?.binding.take(transactions) ?? transactions;
    if (taken.length === 0) return;
    view.update(taken);
    if (entry === undefined) return;
    entry.binding.sent(taken, () => view.state);
    if (taken.some((tr) => tr.docChanged || tr.selection !== undefined)) this.tellPlace(view.state);
    if (taken.some((tr) => (tr.docChanged || tr.selection !== undefined) && tr.annotation(fromElsewhere) !== true)) this.tellCaret(view.state);
  }

  /** Brings a change into a file's state, whether it is shown or not. */
  private update(file: string, entry: Open, spec: TransactionSpec): void {
    if (this.file === file && this.view !== undefined) {
      this.view.dispatch(spec);
      return;
    }
    const tr = entry.state.update(spec);
    const taken = entry.binding.take([tr]);
    if (taken.length === 0) return;
    entry.state = tr.state;
    entry.binding.sent(taken, () => entry.state);
  }

  private current(file: string, entry: Open): EditorState {
    return this.file === file && this.view !== undefined ? this.view.state : entry.state;
  }

  private keep(): void {
    const entry = this.file === undefined ? undefined : this.open.get(this.file);
    if (entry === undefined || this.view === undefined) return;
    entry.state = this.view.state;
    entry.scroll = this.view.scrollSnapshot();
  }

  private named(entry: Open, file: string, name: string): void {
    const attributes = EditorView.contentAttributes.of({ "aria-label": `Text of ${name}`, tabindex: "0", autocapitalize: "off", autocorrect: "off", spellcheck: "false" });
    this.update(file, entry, { effects: this.label.reconfigure(attributes) });
  }

  private highlight(file: string, entry: Open, mode: string): void {
    if (entry.mode === mode) return;
    entry.mode = mode;
    const indent = detectIndent(this.current(file, entry).doc, mode);
    if (this.file === file) this.indent.set(indent);
    this.update(file, entry, { effects: entry.indentation.reconfigure(indentUnit.of(indent.unit)) });
    void loadMode(mode).then((language: Extension) => {
      if (entry.mode !== mode || this.open.get(file) !== entry) return;
      this.update(file, entry, { effects: entry.language.reconfigure(language) });
      if (this.file === file && this.view !== undefined) forceParsing(this.view, this.view.viewport.to, 30);
    });
  }

  private tellPlace(state: EditorState): void {
    const { main, ranges } = state.selection;
    const line = state.doc.lineAt(main.head);
    let selected = 0;
    for (const { from, to } of ranges) selected += to - from;
    this.place.set({ line: line.number, column: main.head - line.from + 1, selected, carets: ranges.length });
  }

  private tellCaret(state: EditorState): void {
    const { anchor, head } = state.selection.main;
    this.client.setCaret(this.file, anchor, head);
  }
}
