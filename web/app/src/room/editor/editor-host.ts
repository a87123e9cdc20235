import type { Peer, RoomClient, RoomSettings } from "@codecollab/client";
import { isolateHistory } from "@codemirror/commands";
import { forceParsing, indentUnit } from "@codemirror/language";
import { ChangeSet, Compartment, EditorSelection, EditorState, type Extension, type StateEffect, type Transaction, type TransactionSpec } from "@codemirror/state";
import { EditorView, type Command } from "@codemirror/view";
import { Store } from "../../lib/store";
import { words } from "../../words";
import { FileBinding, fromElsewhere, incoming, isOwn } from "./binding";
import { Gather } from "./gather";
import { indentOf, unitOf, usualTabWidth, type Indent } from "./indent";
import { lineMarks, setMarks, type LineMark } from "../problems/marks";
import { commentsOf, loadMode, plain, type Editing } from "./modes";
import { caretsIn, caretsOf, remoteCarets, setCarets } from "./peers";
import { Personal, type KeyHelpers } from "./personal";
import { basics } from "./setup";

/** Where the user's caret is, for the status line. */
export type Place = { readonly line: number; readonly column: number; readonly selected: number; readonly carets: number };

type Open = {
  readonly binding: FileBinding;
  state: EditorState;
  editing: Editing;
  readonly followers: Set<(changes: ChangeSet) => void>;
  readonly language: Compartment;
  readonly comments: Compartment;
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
  readonly indent = new Store<Indent>({ by: "spaces", width: 4 });
  /** Whether the shown file has no text. */
  readonly empty = new Store(false);
  /** Whether the editor's settings are on the screen. */
  readonly settingsShown = new Store(false);
  private readonly open = new Map<string, Open>();
  private readonly label = new Compartment();
  private readonly access = new Compartment();
  private readOnly = false;
  private view: EditorView | undefined;
  private file: string | undefined;
  private peers: readonly Peer[] = [];
  private settings: RoomSettings | undefined;
  private readonly personal: Personal;
  private readonly gather = new Gather();

  /** refused is told, in words for the user, why a change was not taken. */
  constructor(
    private readonly client: RoomClient,
    private readonly refused: (message: string) => void,
    helpers: KeyHelpers,
  ) {
    this.personal = new Personal(() => this.personalChanged(), helpers);
  }

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
    if (shown !== undefined) this.show(shown, "", plain);
    return () => {
      this.keep();
      this.view = undefined;
      view.destroy();
    };
  }

  /** Shows a file. Its name is the editor's name for screen readers. */
  show(file: string, name: string, editing: Editing): void {
    this.gather.now();
    const entry = this.entry(file, editing);
    if (name !== "") this.named(entry, file, name);
    if (this.file !== file) {
      this.keep();
      this.file = file;
      this.view?.setState(entry.state);
      if (entry.scroll !== undefined) this.view?.dispatch({ effects: entry.scroll });
      this.indent.set(indentOf(entry.state.doc, editing.indent, this.settings));
      this.empty.set(entry.state.doc.length === 0);
      this.tellPlace(entry.state);
      this.tellCaret(entry.state);
      this.showPeers(this.peers);
    }
    if (name !== "") this.uses(file, entry, editing);
  }

  /** Shows no file. */
  leave(): void {
    if (this.file === undefined) return;
    this.keep();
    this.file = undefined;
    this.view?.setState(EditorState.create({ extensions: [EditorView.editable.of(false)] }));
    this.client.setCaret(undefined, 0, 0);
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

  /** Uses what the room has settled. */
  useSettings(settings: RoomSettings | undefined): void {
    this.settings = settings;
    for (const [file, entry] of this.open) this.indented(file, entry);
  }

  /** Whether the user may only look. */
  useReadOnly(readOnly: boolean): void {
    if (this.readOnly === readOnly) return;
    this.readOnly = readOnly;
    for (const [file, entry] of this.open) this.update(file, entry, { effects: this.access.reconfigure(EditorState.readOnly.of(readOnly)) });
  }

  /** Brings a place of the shown file into view, with the line top first where that shows it, too. The caret stays. */
  reveal(position: number, top: number | undefined): void {
    this.gather.now();
    const { view } = this;
    if (view === undefined) return;
    const { doc } = view.state;
    const at = Math.min(position, doc.length);
    const rows = Math.floor(view.scrollDOM.clientHeight / view.defaultLineHeight);
    const line = doc.lineAt(at).number;
    const first = top === undefined ? undefined : Math.min(top, doc.lines);
    const fits = first !== undefined && line >= first && line < first + rows - 1;
    view.dispatch({ effects: fits ? EditorView.scrollIntoView(doc.line(first).from, { y: "start", yMargin: 0 }) : EditorView.scrollIntoView(at, { y: "center" }) });
  }

  /** The first line that is seen, from 1. */
  topLine(): number {
    const { view } = this;
    if (view === undefined) return 0;
    return view.state.doc.lineAt(view.lineBlockAtHeight(view.scrollDOM.scrollTop).from).number;
  }

  /** Where the user's caret is in the shown file. */
  caret(): number {
    this.gather.now();
    return this.view?.state.selection.main.head ?? 0;
  }

  /** Does what a key of the editor would do, and gives it the focus; false when there is nothing to do. */
  exec(command: Command): boolean {
    if (this.view === undefined) return false;
    this.gather.now();
    this.view.focus();
    return command(this.view);
  }

  /** Shows where others are. */
  showPeers(peers: readonly Peer[]): void {
    this.peers = peers;
    const { view, file } = this;
    if (view === undefined || file === undefined) return;
    // Where the others are is in the text with what they have typed: both come in one transaction.
    const changes = this.open.get(file)?.binding.pull();
    const before = caretsIn(view.state);
    const now = caretsOf(peers, file, changes?.newLength ?? view.state.doc.length, before, Date.now());
    const effects = before.length > 0 || now.length > 0 ? [setCarets.of(now)] : [];
    if (changes !== undefined) view.dispatch({ ...incoming(changes), effects });
    else if (effects.length > 0) view.dispatch({ effects });
  }

  /** Puts the caret somewhere in the shown file, or selects from there to an end, in the middle of the view, and the focus into the editor. */
  jump(position: number, end = position): void {
    this.gather.now();
    const { view } = this;
    if (view === undefined) return;
    const { length } = view.state.doc;
    const at = Math.min(position, length);
    view.dispatch({ selection: EditorSelection.range(at, Math.min(end, length)), effects: EditorView.scrollIntoView(at, { y: "center" }) });
    view.focus();
  }

  /** Replaces the whole text of a file, as one edit of the user's that can be undone. */
  replace(file: string, text: string): void {
    this.gather.now();
    const { length } = this.current(file, this.entry(file, plain)).doc;
    this.edit(file, ChangeSet.of({ from: 0, to: length, insert: text }, length), "input.replace");
  }

  /** Makes an edit of the user's, which is undone by itself. False when the room does not take it, or the text is another one. */
  edit(file: string, changes: ChangeSet, userEvent: string): boolean {
    this.gather.now();
    const entry = this.entry(file, plain);
    const before = this.current(file, entry).doc;
    if (before.length !== changes.length) return false;
    this.update(file, entry, { changes, userEvent, annotations: isolateHistory.of("full") });
    return changes.empty || !this.current(file, entry).doc.eq(before);
  }

  /** Inserts a text where the caret of the shown file is, as one edit of the user's; false when the room does not take it. */
  insert(text: string): boolean {
    this.gather.now();
    const { view, file } = this;
    if (view === undefined || file === undefined) return false;
    const before = view.state.doc;
    view.dispatch({ ...view.state.replaceSelection(text), userEvent: "input.paste", annotations: isolateHistory.of("full"), scrollIntoView: true });
    view.focus();
    return !view.state.doc.eq(before);
  }

  /** Notes all that changes in a file from here on. */
  follow(file: string): { changes: () => ChangeSet; end: () => void } {
    this.gather.now();
    const entry = this.entry(file, plain);
    let all = ChangeSet.empty(this.current(file, entry).doc.length);
    const follower = (changes: ChangeSet): void => {
      all = all.compose(changes);
    };
    entry.followers.add(follower);
    const changes = (): ChangeSet => {
      this.gather.now();
      return all;
    };
    return { changes, end: () => entry.followers.delete(follower) };
  }

  /** Marks lines of a file, in the place of those that were marked. */
  mark(file: string, marks: readonly LineMark[]): void {
    this.gather.now();
    if (marks.length === 0 && !this.open.has(file)) return;
    this.update(file, this.entry(file, plain), { effects: setMarks.of(marks) });
  }

  /** Brings effects into the state of a file that was shown: for parts that are loaded later and bring what they need. */
  effects(file: string, of: (state: EditorState) => readonly StateEffect<unknown>[]): void {
    this.gather.now();
    const entry = this.open.get(file);
    if (entry !== undefined) this.update(file, entry, { effects: of(this.current(file, entry)) });
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
    this.gather.close();
    this.personal.close();
    for (const { binding } of this.open.values()) binding.close();
    this.open.clear();
  }

  private entry(file: string, { indent }: Editing): Open {
    const known = this.open.get(file);
    if (known !== undefined) return known;
    const language = new Compartment();
    const comments = new Compartment();
    const indentation = new Compartment();
    const doc = this.client.text(file);
    const state = EditorState.create({
      doc,
      extensions: [
        this.personal.extensions(),
        basics,
        remoteCarets,
        lineMarks,
        language.of([]),
        comments.of([]),
        indentation.of(indenting(indentOf(doc, indent, this.settings), this.settings)),
        this.label.of([]),
        this.access.of(EditorState.readOnly.of(this.readOnly)),
      ],
    });
    const entry: Open = {
      state,
      editing: plain,
      followers: new Set(),
      language,
      comments,
      indentation,
      binding: new FileBinding(this.client, file, (spec) => this.update(file, entry, spec), this.refused, (bring) => this.later(file, bring)),
    };
    this.open.set(file, entry);
    return entry;
  }

  /** Only what is shown waits for a frame. */
  private later(file: string, bring: () => void): void {
    if (this.file === file && this.view !== undefined) this.gather.later(bring);
    else bring();
  }

  private dispatch(transactions: readonly Transaction[]): void {
    const { view, file } = this;
    if (view === undefined) return;
    const entry = file === undefined ? undefined : this.open.get(file);
    const taken = entry?.binding.take(transactions) ?? transactions;
    if (taken.length === 0) return;
    view.update(taken);
    if (entry === undefined) return;
    this.tellFollowers(entry, taken);
    if (taken.some(isOwn)) this.gather.own();
    entry.binding.sent(taken, () => view.state);
    this.empty.set(view.state.doc.length === 0);
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
    this.tellFollowers(entry, taken);
    entry.binding.sent(taken, () => entry.state);
  }

  private current(file: string, entry: Open): EditorState {
    return this.file === file && this.view !== undefined ? this.view.state : entry.state;
  }

  private keep(): void {
    this.gather.now();
    const entry = this.file === undefined ? undefined : this.open.get(this.file);
    if (entry === undefined || this.view === undefined) return;
    entry.state = this.view.state;
    entry.scroll = this.view.scrollSnapshot();
  }

  private named(entry: Open, file: string, name: string): void {
    const attributes = EditorView.contentAttributes.of({ "aria-label": words.get().editor.textOf(name), tabindex: "0", autocapitalize: "off", autocorrect: "off", spellcheck: "false" });
    this.update(file, entry, { effects: this.label.reconfigure(attributes) });
  }

  private uses(file: string, entry: Open, editing: Editing): void {
    const before = entry.editing;
    if (JSON.stringify(before) === JSON.stringify(editing)) return;
    entry.editing = editing;
    this.indented(file, entry);
    this.update(file, entry, { effects: entry.comments.reconfigure(commentsOf(editing)) });
    if (before.mode === editing.mode) return;
    void loadMode(editing.mode).then((language: Extension) => {
      if (entry.editing.mode !== editing.mode || this.open.get(file) !== entry) return;
      this.update(file, entry, { effects: entry.language.reconfigure(language) });
      if (this.file === file && this.view !== undefined) forceParsing(this.view, this.view.viewport.to, 30);
    });
  }

  private indented(file: string, entry: Open): void {
    const indent = indentOf(this.current(file, entry).doc, entry.editing.indent, this.settings);
    if (this.file === file) this.indent.set(indent);
    this.update(file, entry, { effects: entry.indentation.reconfigure(indenting(indent, this.settings)) });
  }

  private personalChanged(): void {
    for (const [file, entry] of this.open) {
      const effects = this.personal.effects(this.current(file, entry));
      if (effects.length > 0) this.update(file, entry, { effects });
    }
    this.view?.requestMeasure(); // the size of the text is a matter of styles
  }

  private tellFollowers(entry: Open, transactions: readonly Transaction[]): void {
    for (const { changes } of transactions) if (!changes.empty) for (const f of entry.followers) f(changes);
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
    const binding = this.file === undefined ? undefined : this.open.get(this.file)?.binding;
    const inClient = (position: number): number => binding?.inClient(position) ?? position;
    this.client.setCaret(this.file, inClient(anchor), inClient(head));
  }
}

function indenting(indent: Indent, settings: RoomSettings | undefined): Extension {
  return [indentUnit.of(unitOf(indent)), EditorState.tabSize.of(settings?.tab_width ?? usualTabWidth)];
}
