import type { Peer } from "@codecollab/client";
import * as vscode from "vscode";
import { placeOf, textOf } from "../core/places";
import type { Rooms } from "../room/rooms";
import type { Session } from "../room/session";
import { colorOf, palette } from "./palette";

/** How long a name stays beside a caret that has moved, in milliseconds. */
const shown = 2000;
/** Carets are drawn at most so often, in milliseconds. */
const pause = 40;

type Types = { readonly caret: vscode.TextEditorDecorationType; readonly named: vscode.TextEditorDecorationType; readonly selection: vscode.TextEditorDecorationType };

/** What an editor was told last of one kind of decoration, and of which version of its document. */
type Drawn = { readonly version: number; readonly what: string };

/** One of them; what JSON makes of a MarkdownString is not its text. */
type Mark = vscode.DecorationOptions & { readonly hoverMessage: vscode.MarkdownString };

/** Draws the carets and selections of others, and tells the room where the user's own is. */
export class Carets {
  private readonly types: readonly Types[] = palette.map((_, i) => typesOf(i));
  private readonly moved = new Map<string, { readonly at: string; readonly since: number }>();
  private readonly known = new WeakMap<vscode.TextEditor, Map<vscode.TextEditorDecorationType, Drawn>>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private later: ReturnType<typeof setTimeout> | undefined;
  private readonly ends: vscode.Disposable[];

  constructor(private readonly rooms: Rooms) {
    const { window } = vscode;
    this.ends = [
      rooms.onOpen((session) => session.onChange(() => this.soon())),
      window.onDidChangeVisibleTextEditors(() => this.soon()),
      window.onDidChangeActiveTextEditor(() => this.tell()),
      window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor === window.activeTextEditor) this.tell();
      }),
      window.onDidChangeTextEditorVisibleRanges(({ textEditor, visibleRanges }) => {
        if (textEditor === window.activeTextEditor) rooms.at(textEditor.document.uri)?.client.setTop((visibleRanges[0]?.start.line ?? 0) + 1);
      }),
      window.onDidChangeWindowState(({ focused }) => {
        for (const session of rooms.all) session.client.setAway(!focused);
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.timer);
    clearTimeout(this.later);
    for (const end of this.ends) end.dispose();
    for (const { caret, named, selection } of this.types) for (const type of [caret, named, selection]) type.dispose();
  }

  /** Tells the rooms where the user is. */
  tell(): void {
    const editor = vscode.window.activeTextEditor;
    const here = editor === undefined ? undefined : this.rooms.at(editor.document.uri);
    for (const session of this.rooms.all) if (session !== here) session.client.setCaret(undefined, 0, 0);
    const file = editor === undefined ? undefined : here?.fileOf(editor.document.uri);
    const binding = file === undefined ? undefined : here?.binding(file.id);
    if (editor === undefined || here === undefined || file === undefined) return;
    const text = binding?.text ?? textOf(editor.document.getText());
    const { anchor, active } = editor.selection;
    const at = (place: vscode.Position): number => binding?.toRoom(offset(text, place)) ?? offset(text, place);
    here.client.setCaret(file.id, at(anchor), at(active));
  }

  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.draw();
    }, pause);
  }

  private draw(): void {
    let fresh = false;
    for (const editor of vscode.window.visibleTextEditors) {
      const session = this.rooms.at(editor.document.uri);
      if (session === undefined) continue;
      const drawn = this.types.map(() => ({ caret: [] as Mark[], named: [] as Mark[], selection: [] as Mark[] }));
      for (const peer of session.view.peers) {
        const ranges = rangesOf(session, editor, peer);
        const into = drawn[((peer.color % palette.length) + palette.length) % palette.length];
        if (ranges === undefined || into === undefined) continue;
        const isNew = this.hasMoved(peer);
        fresh ||= isNew;
        const hoverMessage = nameOf(peer);
        if (!ranges.selection.isEmpty) into.selection.push({ range: ranges.selection, hoverMessage });
        if (isNew) into.named.push({ range: ranges.caret, hoverMessage, renderOptions: { before: { contentText: label(peer) } } });
        else into.caret.push({ range: ranges.caret, hoverMessage });
      }
      const known = this.known.get(editor) ?? new Map<vscode.TextEditorDecorationType, Drawn>();
      this.known.set(editor, known);
      for (const [i, types] of this.types.entries()) {
        for (const kind of ["selection", "caret", "named"] as const) decorate(editor, known, types[kind], drawn[i]?.[kind] ?? []);
      }
    }
    clearTimeout(this.later);
    if (fresh) this.later = setTimeout(() => this.draw(), shown);
  }

  /** Whether a caret has moved lately. */
  private hasMoved({ session, file, head, anchor }: Peer): boolean {
    const at = `${file ?? ""} ${anchor} ${head}`;
    const before = this.moved.get(session);
    if (before?.at !== at) {
      this.moved.set(session, { at, since: Date.now() });
      return true;
    }
    return Date.now() - before.since < shown - pause;
  }
}

/**
 * Each call is a message to the window that draws, in the way of the next key: there are none for what is there already. VS Code moves
 * decorations with the text by itself, and not always as the room does: after a change they are set again, unless there are none.
 */
function decorate(editor: vscode.TextEditor, known: Map<vscode.TextEditorDecorationType, Drawn>, type: vscode.TextEditorDecorationType, options: readonly Mark[]): void {
  const now = { version: editor.document.version, what: JSON.stringify(options.map(({ range, hoverMessage, renderOptions }) => [range, hoverMessage.value, renderOptions])) };
  const last = known.get(type);
  if (last?.what === now.what && (options.length === 0 || last.version === now.version)) return;
  known.set(type, now);
  editor.setDecorations(type, [...options]);
}

function offset(text: Parameters<typeof placeOf>[0], { line, character }: vscode.Position): number {
  if (line >= text.lines) return text.length;
  const { from, length } = text.line(line + 1);
  return from + Math.min(character, length);
}

function rangesOf(session: Session, editor: vscode.TextEditor, peer: Peer): { readonly caret: vscode.Range; readonly selection: vscode.Range } | undefined {
  if (peer.me || peer.file === undefined || session.document(peer.file) !== editor.document) return undefined;
  const binding = session.binding(peer.file);
  const text = binding?.text ?? textOf(editor.document.getText());
  const at = (n: number): vscode.Position => {
    const { line, character } = placeOf(text, binding?.toDocument(n) ?? n);
    return new vscode.Position(line, character);
  };
  const head = at(peer.head);
  return { caret: new vscode.Range(head, head), selection: new vscode.Range(at(peer.anchor), head) };
}

/** What others type is no markup. */
function nameOf(peer: Peer): vscode.MarkdownString {
  return new vscode.MarkdownString().appendText(peer.away ? vscode.l10n.t("{0} (away)", peer.name) : peer.name);
}

function label({ name }: Peer): string {
  return [...name.replace(/[\p{Cc}\p{Cf}]/gu, "")].slice(0, 24).join("");
}

function typesOf(index: number): Types {
  const { light, dark } = colorOf(index);
  const { Right } = vscode.OverviewRulerLane;
  const line = (color: string): vscode.ThemableDecorationRenderOptions => ({
    borderColor: color,
    overviewRulerColor: color,
    before: { backgroundColor: color, color: color === light ? "#ffffff" : "#10141a", textDecoration: tag },
  });
  const caret = { borderStyle: "solid", borderWidth: "0 0 0 2px", overviewRulerLane: Right, rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed };
  return {
    caret: vscode.window.createTextEditorDecorationType({ ...caret, light: { borderColor: light, overviewRulerColor: light }, dark: { borderColor: dark, overviewRulerColor: dark } }),
    named: vscode.window.createTextEditorDecorationType({ ...caret, light: line(light), dark: line(dark) }),
    selection: vscode.window.createTextEditorDecorationType({
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      light: { backgroundColor: `${light}33` },
      dark: { backgroundColor: `${dark}40` },
    }),
  };
}

/** A name is drawn above its line and moves no text: VS Code has no option for that, but lets this one through. */
const tag = "none; position: absolute; z-index: 1; transform: translateY(-100%); padding: 0 4px; border-radius: 3px 3px 3px 0; font-size: 0.8em; line-height: 1.4; pointer-events: none; white-space: pre";
