import * as vscode from "vscode";
import { linesOf } from "../../../app/src/room/hints/ask";
import type { Rooms } from "../room/rooms";
import type { Session } from "../room/session";

type Kind = "hint" | "error" | "explain" | "review";
type Answer = { readonly text: string; readonly file?: string; readonly line?: number; readonly source: string; readonly model?: string; readonly place?: string; readonly cached?: boolean };
type Line = { readonly answer?: Answer; readonly error?: { readonly message: string }; readonly text?: string };

/** What is typed must be on the server before it can be asked about; it is waited for so long, in milliseconds. */
const saveWithin = 5000;

/** Hints, shown as a comment at the line that they are about. */
export class Hints {
  private readonly comments = vscode.comments.createCommentController("codecollab.hints", vscode.l10n.t("CodeCollab: hints"));
  private thread: vscode.CommentThread | undefined;

  dispose(): void {
    this.comments.dispose();
  }

  /** Asks about the place of the caret. */
  async ask(session: Session, editor: vscode.TextEditor, kind: Kind): Promise<void> {
    const { t } = vscode.l10n;
    const file = session.fileOf(editor.document.uri);
    const { hints } = session.view;
    if (file === undefined) return;
    if (hints?.on !== true) {
      void vscode.window.showInformationMessage(t("Hints are off in this room. An owner turns them on, on the room's page."));
      return;
    }
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: t("CodeCollab: looking for a hint"), cancellable: true }, async (_, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      try {
        const answer = await question(session, stop.signal, {
          file: file.id, caret: editor.selection.active.line + 1, kind, level: Math.min(hints.level, vscode.workspace.getConfiguration("codecollab").get("hintLevel", 1)),
          language: session.view.language, speech: vscode.env.language.startsWith("de") ? "de" : "en",
        });
        this.show(session, editor, answer);
      } catch (error) {
        if (!stop.signal.aborted) void vscode.window.showWarningMessage(error instanceof Error ? error.message : String(error));
      }
    });
  }

  private show(session: Session, editor: vscode.TextEditor, { text, file, line, source, model, place, cached }: Answer): void {
    const { t } = vscode.l10n;
    if (text === "") {
      void vscode.window.showInformationMessage(t("There is nothing to say about this."));
      return;
    }
    const name = session.view.files.find(({ id }) => id === file)?.name;
    const uri = name === undefined ? editor.document.uri : session.uriOf(name);
    const at = Math.max(0, (line ?? editor.selection.active.line + 1) - 1);
    const from = source === "model" ? t("from the model {0} at {1}", model ?? "", place ?? "") : t("from facts about the program alone");
    this.thread?.dispose();
    // A plain string would be Markdown, too: what a model has written stays text.
    const body = new vscode.MarkdownString().appendText(text);
    this.thread = this.comments.createCommentThread(uri, new vscode.Range(at, 0, at, 0), [
      { body, mode: vscode.CommentMode.Preview, author: { name: t("Hint") }, label: cached === true ? `${from}, ${t("asked before")}` : from },
    ]);
    this.thread.canReply = false;
    this.thread.collapsibleState = vscode.CommentThreadCollapsibleState.Expanded;
  }
}

async function question(session: Session, signal: AbortSignal, body: object): Promise<Answer> {
  const { t } = vscode.l10n;
  for (const ends = Date.now() + saveWithin; session.view.save.kind !== "saved"; ) {
    if (Date.now() > ends) throw new Error(t("What you typed is not on the server yet. Ask again when it is saved."));
    await new Promise((go) => setTimeout(go, 50));
  }
  const response = await session.api.fetch(`/api/v1/rooms/${encodeURIComponent(session.room)}/hints`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok || response.body === null) {
    const { message } = (await response.json().catch(() => ({}))) as { message?: string };
    throw new Error(message ?? `HTTP ${response.status}`);
  }
  for await (const text of linesOf(response.body as ReadableStream<Uint8Array>)) {
    const { answer, error } = JSON.parse(text) as Line;
    if (error !== undefined) throw new Error(error.message);
    if (answer !== undefined) return answer;
  }
  throw new Error(t("The answer was cut off. Ask again."));
}

/** What can be done with a file of a room, above its first line. */
export class Lenses implements vscode.CodeLensProvider {
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changes.event;
  private shown = "";

  constructor(private readonly rooms: Rooms) {
    rooms.onOpen((session) =>
      session.onChange(({ runs, hints, noRun }) => {
        const now = `${runs.at(-1)?.finish === undefined} ${runs.length} ${hints?.on === true} ${noRun ?? ""}`;
        if (now === this.shown) return;
        this.shown = now;
        this.changes.fire();
      }),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const { t } = vscode.l10n;
    const session = this.rooms.at(document.uri);
    if (session?.fileOf(document.uri) === undefined || !vscode.workspace.getConfiguration("codecollab").get("codeLens", true)) return [];
    const top = new vscode.Range(0, 0, 0, 0);
    const { noRun, hints, runs } = session.view;
    const running = runs.some((run) => run.finish === undefined);
    return [
      ...(noRun === undefined ? [running ? new vscode.CodeLens(top, { command: "codecollab.stop", title: `$(debug-stop) ${t("Stop")}` }) : new vscode.CodeLens(top, { command: "codecollab.run", title: `$(play) ${t("Run in the room")}` })] : []),
      ...(hints?.on === true ? [new vscode.CodeLens(top, { command: "codecollab.hint", title: `$(lightbulb) ${t("Hint")}` })] : []),
    ];
  }
}
