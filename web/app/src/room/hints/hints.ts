import type { HintSettings, RoomView, wire } from "@codecollab/client";
import { recall, remember } from "../../lib/storage";
import { Store } from "../../lib/store";
import { locale } from "../../words";
import type { RoomSession } from "../session";
import { ask, AskError, vote, type Answer, type Question, type Step } from "./ask";
import type { AskKind, Wish } from "./door";
import { lineOf, marking, setHintLine } from "./marks";

/** A question of this person, and what has come of it. */
export type Entry = {
  readonly key: number;
  readonly at: number;
  readonly kind: AskKind;
  readonly level: number;
  readonly shared: boolean;
  /** The version of the newest hint that the room was told of before this was asked. */
  readonly after: number;
  readonly state: "saving" | "facts" | "model" | "answering" | "done" | "cancelled" | "failed";
  readonly model?: string;
  readonly place?: string;
  readonly text: string;
  readonly file?: string;
  readonly line?: number;
  readonly answer?: Answer;
  readonly error?: { readonly code: string; readonly message: string };
  readonly vote?: boolean;
};

/** What is typed must be on the server before it can be asked about; it is waited for so long, in milliseconds. */
const saveWithin = 5000;
/** Typing that pauses for so long is worth a hint in advance, in milliseconds. */
const pause = 2500;
const most = 30;

/** The questions of one person in a room. */
export class Hints {
  /** The newest first. */
  readonly entries = new Store<readonly Entry[]>([]);
  readonly level: Store<number>;
  readonly share = new Store(false);

  private readonly running = new Map<number, AbortController>();
  private readonly ends: (() => void)[] = [];
  private next = 1;
  private marked: string | undefined;
  private ahead: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private typed = false;

  constructor(private readonly session: RoomSession) {
    const level = Number(recall("hints-level") ?? "1");
    this.level = new Store(level >= 1 && level <= 4 ? level : 1);
    this.ends.push(session.client.subscribe(() => this.see(session.client.view())));
  }

  /** The level that is asked for: what was chosen, as far as the owner allows it. */
  allowed(): number {
    return Math.min(this.level.get(), this.session.client.view().hints?.level ?? 1);
  }

  /** Chooses a level, and remembers it. */
  readonly choose = (level: number): void => {
    this.level.set(level);
    remember("hints-level", String(level));
  };

  /** Turns hints on or off in the room, as its owner. */
  settle(settings: HintSettings): void {
    this.session.client.setHints(settings);
  }

  /** Asks. */
  async ask({ kind, file, line }: Wish): Promise<void> {
    const where = file ?? this.session.file.get();
    if (where === undefined) return;
    this.cancelAll();
    const stop = new AbortController();
    const key = this.next++;
    const { hints, told } = this.session.client.view();
    const shared = this.share.get() && hints?.share === true;
    const after = told.at(-1)?.version ?? 0;
    this.running.set(key, stop);
    this.entries.update((all) => [{ key, at: Date.now(), kind, level: this.allowed(), shared, after, state: "saving" as const, text: "" }, ...all].slice(0, most));
    try {
      await this.saved(stop.signal);
      const caret = line ?? (where === this.session.file.get() ? this.session.editor.place.get().line : 1);
      const answer = await ask(this.session.room, this.question(where, caret, kind, shared), stop.signal, (step) => this.heard(key, step));
      const place = answer.line === undefined ? {} : { line: answer.line };
      this.change(key, { state: "done", answer, text: answer.text, ...place, ...(answer.file === undefined ? {} : { file: answer.file }) });
      if (answer.file !== undefined && answer.line !== undefined) this.mark(answer.file, answer.line);
    } catch (error) {
      if (stop.signal.aborted) this.change(key, { state: "cancelled" });
      else this.change(key, { state: "failed", error: error instanceof AskError ? { code: error.code, message: error.message } : { code: "connection", message: "" } });
    } finally {
      this.running.delete(key);
    }
  }

  /** Cancels a question. */
  cancel(key: number): void {
    this.running.get(key)?.abort();
  }

  /** Tells the server what this person thinks of a hint; failed is said when it cannot be stored. */
  async vote(entry: Entry, up: boolean, failed: string): Promise<void> {
    if (entry.answer === undefined) return;
    try {
      await vote(this.session.room, entry.answer.id, up);
      this.change(entry.key, { vote: up });
    } catch {
      this.session.notes.error(failed);
    }
  }

  /** Goes to the line of a hint and marks it. text is what stood there, as far as that is known. */
  visit(name: string, line: number, text = ""): void {
    const file = this.idOf(name);
    if (file === undefined) return;
    const doc = this.session.client.text(file);
    const now = lineOf((n) => doc.line(n).text, doc.lines, line, text);
    if (now === undefined) return;
    this.session.goTo(file, now);
    this.mark(name, now);
  }

  /** Takes the mark away. */
  unmark(): void {
    if (this.marked !== undefined) this.session.editor.effects(this.marked, () => [setHintLine.of(undefined)]);
    this.marked = undefined;
  }

  /** Leaves the room. */
  close(): void {
    this.cancelAll();
    this.ahead?.abort();
    clearTimeout(this.timer);
    for (const end of this.ends) end();
  }

  private cancelAll(): void {
    for (const stop of this.running.values()) stop.abort();
  }

  private question(file: string, caret: number, kind: AskKind, share: boolean): Question {
    return { file, caret, kind, level: this.allowed(), language: this.session.client.view().language, speech: locale.get(), ...(share ? { share } : {}) };
  }

  private heard(key: number, step: Step): void {
    const before = this.entries.get().find((e) => e.key === key);
    if (before === undefined) return;
    if (step.state === "again") this.change(key, { text: "" });
    else if (step.state !== undefined) {
      this.change(key, { state: step.state, ...(step.model === undefined ? {} : { model: step.model }), ...(step.place === undefined ? {} : { place: step.place }) });
    }
    if (step.file !== undefined && step.line !== undefined) {
      this.change(key, { file: step.file, line: step.line });
      this.mark(step.file, step.line);
    }
    if (step.text !== undefined) this.change(key, { state: "answering", text: before.text + step.text });
  }

  private change(key: number, what: Partial<Entry>): void {
    this.entries.update((all) => all.map((e) => (e.key === key ? { ...e, ...what } : e)));
  }

  private idOf(name: string): string | undefined {
    return this.session.client.view().files.find((f) => f.name === name)?.id;
  }

  private mark(name: string, line: number): void {
    this.unmark();
    const file = this.idOf(name);
    if (file === undefined) return;
    this.session.editor.effects(file, (state) => [...marking(state), setHintLine.of(line)]);
    this.marked = file;
  }

  /** Waits until everything that was typed is on the server. */
  private saved(signal: AbortSignal): Promise<void> {
    const { client } = this.session;
    const is = (): boolean => client.view().save.kind === "saved";
    if (is()) return Promise.resolve();
    return new Promise((done, failed) => {
      const end = (): void => {
        clearTimeout(timer);
        stop();
      };
      const timer = setTimeout(() => {
        end();
        failed(new AskError("unsaved", ""));
      }, saveWithin);
      const stop = client.subscribe(() => {
        if (!is()) return;
        end();
        done();
      });
      signal.addEventListener("abort", () => {
        end();
        failed(signal.reason);
      });
    });
  }

  /** Where the owner allows it, a hint is prepared when this person's typing pauses. */
  private see(view: RoomView): void {
    if (view.hints?.on !== true || view.hints.ahead !== true) return;
    if (view.save.kind === "sending") {
      this.typed = true;
      this.ahead?.abort();
      clearTimeout(this.timer);
      this.timer = undefined;
    } else if (this.typed && view.save.kind === "saved" && this.timer === undefined) {
      this.timer = setTimeout(() => void this.prepare(), pause);
    }
  }

  private async prepare(): Promise<void> {
    this.timer = undefined;
    const file = this.session.file.get();
    if (!this.typed || file === undefined || this.running.size > 0) return;
    this.typed = false;
    this.ahead = new AbortController();
    const question = { ...this.question(file, this.session.editor.place.get().line, "hint", false), ahead: true };
    await ask(this.session.room, question, this.ahead.signal, () => undefined).catch(() => undefined); // nobody has asked
  }
}

/** Whether a question has no answer yet. */
export function isBusy({ state }: Entry): boolean {
  return state !== "done" && state !== "failed" && state !== "cancelled";
}

/** What others have shown, and what this person has shown in other tabs: all that no entry here shows already. */
export function shownByOthers(told: readonly wire.HintRecord[], entries: readonly Entry[], me: string | undefined): readonly wire.HintRecord[] {
  const mine = new Set(entries.map(({ answer }) => answer?.id));
  // The room is told of an answer a moment before its stream has ended here.
  const asking = entries.find((entry) => entry.shared && isBusy(entry));
  return told.filter(({ hint, by, version }) => !mine.has(hint.id) && !(asking !== undefined && by === me && version > asking.after));
}
