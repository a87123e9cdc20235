import type { RunView } from "@codecollab/client";
import type { Text } from "@codemirror/state";
import * as vscode from "vscode";
import { lineNow } from "../../../app/src/room/problems/line-now";
import { Patterns } from "../../../app/src/room/problems/patterns";
import { problemsIn, type Problem } from "../../../app/src/room/problems/problems";
import type { Language } from "../server/api";
import type { Rooms } from "../room/rooms";
import type { Session } from "../room/session";
import { RoomTerminal } from "./terminal";

/** What of a room's runs this window keeps. */
type Kept = {
  readonly terminal: RoomTerminal;
  /** The texts that a run was started with, so that its problems are marked where they are now. */
  started: { readonly run: number; readonly texts: ReadonlyMap<string, Text> } | undefined;
  finished: number;
  first: boolean;
  running: boolean;
};

/** Runs programs in rooms: the terminal, and what went wrong as problems of VS Code. */
export class Runs {
  private readonly kept = new Map<Session, Kept>();
  private readonly patterns = new Map<string, Promise<Patterns>>();
  private readonly problems = vscode.languages.createDiagnosticCollection("codecollab");

  constructor(rooms: Rooms) {
    rooms.onOpen((session) => {
      this.kept.set(session, { terminal: new RoomTerminal(session), started: undefined, finished: 0, first: true, running: false });
      session.onChange(() => void this.see(session));
    });
    rooms.onClose((session) => {
      this.kept.get(session)?.terminal.dispose();
      this.kept.delete(session);
    });
  }

  dispose(): void {
    this.problems.dispose();
    for (const { terminal } of this.kept.values()) terminal.dispose();
  }

  /** Shows the terminal of a room. */
  show(session: Session): void {
    this.kept.get(session)?.terminal.show(false);
  }

  /** Runs the program of a room: the file that is looked at, or the one that can be run. */
  async run(session: Session, uri: vscode.Uri | undefined): Promise<void> {
    const kept = this.kept.get(session);
    const { view } = session;
    if (kept === undefined) return;
    const refusal = refusalOf(session);
    if (refusal !== undefined) {
      void vscode.window.showWarningMessage(refusal);
      return;
    }
    const languages = await session.catalogue().catch(() => []);
    const file = programOf(session, uri, languages.find(({ id }) => id === view.language));
    if (file === undefined) {
      void vscode.window.showWarningMessage(vscode.l10n.t("The room has no file to run. Make one first."));
      return;
    }
    kept.terminal.show(true);
    session.client.run({ file, language: view.language, terminal: kept.terminal.dimensions });
  }

  /** Ends the program that runs. */
  stop(session: Session): void {
    const run = activeRun(session);
    if (run === undefined) void vscode.window.showInformationMessage(vscode.l10n.t("No program runs in this room."));
    else session.client.stop(run.run);
  }

  private async see(session: Session): Promise<void> {
    const kept = this.kept.get(session);
    const run = session.view.runs.at(-1);
    if (kept === undefined || session.view.status !== "ready") return;
    const running = run !== undefined && run.finish === undefined;
    if (running !== kept.running) {
      kept.running = running;
      void vscode.commands.executeCommand("setContext", "codecollab.running", running);
    }
    if (kept.first) {
      kept.first = false;
      kept.finished = run?.finish === undefined ? 0 : run.run; // what had ended before is not marked: its texts are not known
    }
    if (run === undefined || run.run <= kept.finished) return;
    if (kept.started?.run !== run.run) {
      kept.started = { run: run.run, texts: new Map(session.view.files.map(({ id }) => [id, session.client.text(id)])) };
      this.clear(session);
      // What others run is shown, too, without taking the keys from anybody.
      if (vscode.workspace.getConfiguration("codecollab").get("showOutput", true)) kept.terminal.show(true);
    }
    if (run.finish === undefined) return;
    kept.finished = run.run;
    await this.mark(session, run, kept.started.texts);
  }

  private clear(session: Session): void {
    this.problems.forEach((uri) => {
      if (session.nameOf(uri) !== undefined) this.problems.delete(uri);
    });
  }

  private async mark(session: Session, run: RunView, texts: ReadonlyMap<string, Text>): Promise<void> {
    const { finish } = run;
    if (finish === undefined || finish.outcome === "stopped") return;
    const patterns = await this.patternsOf(session, run.request.language).catch(() => undefined);
    if (patterns === undefined) return;
    // What goes to standard output may stand between: each stream is read by itself.
    const found = ["compile", "stderr", "stdout"].flatMap((stream) => {
      const text = finish.output.filter((chunk) => chunk.stream === stream).map(({ data }) => data).join("");
      return problemsIn(text, patterns, session.view.files);
    });
    for (const name of new Set(found.map((problem) => problem.name))) {
      const own = found.filter((problem) => problem.name === name);
      this.problems.set(session.uriOf(name), own.flatMap((problem) => diagnostic(session, problem, texts)));
    }
  }

  private patternsOf(session: Session, language: string): Promise<Patterns> {
    const key = `${session.origin} ${language}`;
    let known = this.patterns.get(key);
    if (known === undefined) {
      known = session.api.ask<{ errors?: string[] }>(`/api/v1/languages/${encodeURIComponent(language)}`).then(({ errors }) => new Patterns(errors ?? []));
      known.catch(() => this.patterns.delete(key));
      this.patterns.set(key, known);
    }
    return known;
  }
}

/** The run of a room that goes on. */
function activeRun(session: Session): RunView | undefined {
  return session.view.runs.findLast((run) => run.finish === undefined);
}

function refusalOf(session: Session): string | undefined {
  const { t } = vscode.l10n;
  const { noRun, connection, status } = session.view;
  if (status !== "ready" || connection !== "online") return t("There is no connection to the room: programs run when it is back.");
  if (noRun === "locked") return t("An owner has locked this room: for now, only owners can change it.");
  if (noRun !== undefined) return t("You may not run programs in this room.");
  return activeRun(session) === undefined ? undefined : t("A program runs already. Stop it first.");
}

function programOf(session: Session, uri: vscode.Uri | undefined, language: Language | undefined): string | undefined {
  const fits = (name: string): boolean => language?.extensions.includes(/\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? "") ?? false;
  const active = uri === undefined ? undefined : session.fileOf(uri);
  if (active !== undefined && (fits(active.name) || language === undefined)) return active.id;
  return (session.view.files.find(({ name }) => fits(name)) ?? active ?? session.view.files[0])?.id;
}

function diagnostic(session: Session, problem: Problem, texts: ReadonlyMap<string, Text>): vscode.Diagnostic[] {
  const before = texts.get(problem.file);
  const now = session.client.text(problem.file);
  const line = before === undefined ? problem.line : lineNow(before, now, problem.line);
  if (line === undefined || line > now.lines) return [];
  const { text } = now.line(line);
  const from = problem.column === undefined ? text.length - text.trimStart().length : Math.min(problem.column - 1, text.length);
  const { Error, Warning } = vscode.DiagnosticSeverity;
  const found = new vscode.Diagnostic(new vscode.Range(line - 1, from, line - 1, Math.max(text.length, from + 1)), problem.message, problem.warning ? Warning : Error);
  found.source = "CodeCollab";
  return [found];
}
