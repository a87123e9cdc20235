import type { RunView } from "@codecollab/client";
import * as vscode from "vscode";
import { Reader } from "../../../app/src/room/output/terminal/reader";
import type { Session } from "../room/session";
import { Sanitiser } from "./sanitise";
import { runState } from "./state";

const dim = (text: string): string => `\x1b[2m${text}\x1b[0m`;
const clean = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, " ");

/** The terminal of a room: what its programs print, for everybody, and what everybody who may types into them. */
export class RoomTerminal implements vscode.Pseudoterminal {
  private readonly out = new vscode.EventEmitter<string>();
  private readonly ended = new vscode.EventEmitter<void>();
  readonly onDidWrite = this.out.event;
  readonly onDidClose = this.ended.event;
  private terminal: vscode.Terminal | undefined;
  private isOpen = false;
  private run: number | undefined;
  private attempt = 1;
  private reader = new Reader();
  private said = "";
  private readonly sanitisers = new Map<string, Sanitiser>();
  private size = { rows: 24, cols: 80 };
  private readonly end: vscode.Disposable;

  constructor(private readonly session: Session) {
    this.end = session.onChange(() => this.draw());
  }

  /** For what the terminal has room. */
  get dimensions(): { rows: number; cols: number } {
    return this.size;
  }

  /** Shows it. */
  show(preserveFocus: boolean): void {
    this.terminal ??= vscode.window.createTerminal({ name: this.session.title, pty: this, iconPath: new vscode.ThemeIcon("play-circle"), isTransient: true });
    this.terminal.show(preserveFocus);
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.isOpen = true;
    if (dimensions !== undefined) this.setDimensions(dimensions);
    this.run = undefined;
    this.draw();
  }

  close(): void {
    this.isOpen = false;
    this.terminal = undefined;
  }

  setDimensions({ rows, columns }: vscode.TerminalDimensions): void {
    this.size = { rows, cols: columns };
    const run = this.active();
    if (run?.terminal !== undefined && (run.terminal.rows !== rows || run.terminal.cols !== columns)) this.session.client.resizeTerminal(run.run, this.size);
  }

  handleInput(data: string): void {
    const run = this.active();
    if (run?.terminal === undefined) {
      this.out.fire(`\r\n${dim(vscode.l10n.t("No program reads what is typed now."))}\r\n`);
      return;
    }
    if (!this.session.client.sendInput(run.run, data)) void vscode.window.showWarningMessage(vscode.l10n.t("There is no connection: what you typed did not reach the program."));
  }

  /** Ends it with its room. */
  dispose(): void {
    this.end.dispose();
    this.terminal?.dispose();
    this.ended.fire();
  }

  private active(): RunView | undefined {
    return this.session.view.runs.findLast((run) => run.finish === undefined);
  }

  private draw(): void {
    if (!this.isOpen) return;
    const run = this.session.view.runs.at(-1);
    if (run === undefined) {
      if (this.said === "") this.say(vscode.l10n.t("What programs print in this room comes here, for everybody."));
      return;
    }
    if (run.run !== this.run || (run.attempt ?? 1) !== this.attempt) this.begin(run);
    this.write(run);
    const { text } = runState(run, (person) => this.nameOf(person));
    if (run.finish === undefined && run.state !== "waiting" && run.state !== "running" && text !== this.said) this.say(text);
    if (run.finish !== undefined && this.said !== "finished") {
      this.out.fire(`\r\n${dim(`── ${clean(text)} ──`)}\r\n`);
      this.said = "finished";
    }
  }

  private begin(run: RunView): void {
    this.run = run.run;
    this.attempt = run.attempt ?? 1;
    this.reader = new Reader();
    this.said = "";
    this.sanitisers.clear();
    const file = this.session.view.files.find(({ id }) => id === run.request.file)?.name ?? "";
    this.out.fire(`\x1b[0m\x1b[?1049l\x1b[2J\x1b[3J\x1b[H${dim(clean(vscode.l10n.t("{0} runs {1} (version {2})", this.nameOf(run.by), file, run.run)))}\r\n`);
  }

  private say(text: string): void {
    this.said = text;
    this.out.fire(`${dim(clean(text))}\r\n`);
  }

  private write(run: RunView): void {
    if (run.finish !== undefined && this.said === "finished") return;
    const steps = this.reader.next(run.output);
    // The output of a run that has ended may be a shorter one than what was seen live.
    for (const step of steps ?? []) {
      if (step.kind === "gap") this.out.fire(`\r\n${dim(vscode.l10n.t("… {0} more, not kept …", step.omitted))}\r\n`);
      else if (step.kind === "text") this.print(run, step.stream, step.data);
    }
  }

  private print(run: RunView, stream: string, data: string): void {
    let sanitiser = this.sanitisers.get(stream);
    if (sanitiser === undefined) this.sanitisers.set(stream, (sanitiser = new Sanitiser()));
    const harmless = sanitiser.push(data);
    // Without a terminal of its own a program ends its lines with a line feed alone.
    const text = run.request.terminal === undefined || stream === "compile" ? harmless.replace(/\r?\n/g, "\r\n") : harmless;
    // Whole lines alone: one that has been begun may be a prompt (Python asks on standard error).
    const end = stream === "stderr" ? text.lastIndexOf("\n") + 1 : 0;
    this.out.fire(end > 0 ? `\x1b[31m${text.slice(0, end)}\x1b[39m${text.slice(end)}` : text);
  }

  private nameOf(person: string): string {
    return this.session.view.people.find((p) => p.person === person)?.name ?? vscode.l10n.t("Somebody");
  }
}
