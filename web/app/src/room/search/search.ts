import type { RoomClient } from "@codecollab/client";
import { ChangeSet, Text } from "@codemirror/state";
import { Store } from "../../lib/store";
import { words } from "../../words";
import { over } from "../editor/changes-to";
import type { EditorHost } from "../editor/editor-host";
import type { Notes } from "../status/notes";
import { limits, type Answer, type Replacement, type Request, type Results } from "./engine";
import { noQuery, type Query } from "./query";

/** Where a search stands. */
export type SearchState =
  | { readonly kind: "idle" }
  | { readonly kind: "searching"; readonly results: Results | undefined }
  | { readonly kind: "found"; readonly results: Results }
  | { readonly kind: "bad"; readonly why: string }
  | { readonly kind: "slow" };

/** Pauses, in milliseconds: after a key in the field, after a change of a text, and for how long an answer is waited for. */
const times = { typed: 120, changed: 250, answer: 4000 };

/**
 * Searches the room's files while somebody wants to, in a worker: the texts go there once, and again when they change.
 * One that does not answer is ended, for it can be the expression's fault.
 */
export class Search {
  readonly query = new Store<Query>(noQuery);
  readonly state = new Store<SearchState>({ kind: "idle" });
  /** Whether a replacement is on its way. */
  readonly busy = new Store(false);
  private worker: Worker | undefined;
  private readonly sent = new Map<string, Text>();
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private patience: ReturnType<typeof setTimeout> | undefined;
  private replacing: Replacing | undefined;

  constructor(
    private readonly client: RoomClient,
    private readonly editor: EditorHost,
    private readonly notes: Notes,
  ) {}

  /** Follows the room's texts until the answer is called. */
  start(): () => void {
    const end = this.client.subscribe(() => this.changed());
    this.soon(0);
    return () => {
      end();
      clearTimeout(this.timer);
      this.stop();
    };
  }

  /** Looks for something else. */
  look(query: Query): void {
    this.query.set(query);
    this.soon(times.typed);
  }

  /** Replaces every match, with one edit for each file that its author can undo there. */
  replaceAll(by: string): void {
    if (this.busy.get() || this.query.get().text === "") return;
    this.busy.set(true);
    this.sync();
    const id = ++this.asked;
    const { results } = { results: undefined, ...this.state.get() };
    const followers = new Map((results?.files ?? []).map(({ file }) => [file, this.editor.follow(file)]));
    this.replacing = { id, followers };
    this.post({ kind: "replace", id, query: this.query.get(), by, order: this.order() });
    this.wait();
  }

  private changed(): void {
    if (this.query.get().text === "" || !this.isOld()) return;
    this.soon(times.changed);
  }

  /** Whether the worker has other texts than the room. */
  private isOld(): boolean {
    const { files } = this.client.view();
    return files.length !== this.sent.size || files.some(({ id }) => this.sent.get(id) !== this.client.text(id));
  }

  private soon(pause: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), pause);
  }

  private ask(): void {
    if (this.replacing !== undefined) {
      this.soon(times.changed);
      return;
    }
    const query = this.query.get();
    if (query.text === "") {
      this.asked++;
      this.state.set({ kind: "idle" });
      return;
    }
    this.sync();
    const id = ++this.asked;
    const before = this.state.get();
    this.state.set({ kind: "searching", results: "results" in before ? before.results : undefined });
    this.post({ kind: "search", id, query, order: this.order() });
    this.wait();
  }

  /** The files in the order in which they are shown. */
  private order(): string[] {
    const compare = new Intl.Collator(undefined, { numeric: true }).compare;
    return this.client
      .view()
      .files.toSorted((a, b) => compare(a.name, b.name))
      .map(({ id }) => id);
  }

  private sync(): void {
    const { files } = this.client.view();
    const ids = new Set(files.map(({ id }) => id));
    for (const file of this.sent.keys()) {
      if (ids.has(file)) continue;
      this.sent.delete(file);
      this.post({ kind: "gone", file });
    }
    for (const { id } of files) {
      const text = this.client.text(id);
      if (this.sent.get(id) === text) continue;
      this.sent.set(id, text);
      this.post({ kind: "text", file: id, text: text.toString() });
    }
  }

  private post(request: Request): void {
    this.worker ??= this.begin();
    this.worker.postMessage(request, []); // the second argument: what is handed over, which is nothing
  }

  private begin(): Worker {
    const worker = new Worker(new URL("worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => this.answered(data));
    return worker;
  }

  /** Waits for the worker's next answer, whichever it is: the time is not begun anew by asking again. */
  private wait(): void {
    this.patience ??= setTimeout(() => {
      this.stop();
      this.state.set({ kind: "slow" });
    }, times.answer);
  }

  private heard(): void {
    clearTimeout(this.patience);
    this.patience = undefined;
  }

  private stop(): void {
    this.heard();
    this.worker?.terminate();
    this.worker = undefined;
    this.sent.clear();
    this.endReplacing();
  }

  private answered(answer: Answer): void {
    this.heard();
    if (answer.id !== this.asked) {
      this.wait();
      return;
    }
    switch (answer.kind) {
      case "found":
        this.state.set({ kind: "found", results: answer.results });
        break;
      case "bad":
        this.endReplacing();
        this.state.set({ kind: "bad", why: answer.why });
        break;
      case "too_many":
        this.endReplacing();
        this.notes.info(words.get().files.search.tooMany(limits.replace.toLocaleString(document.documentElement.lang)));
        break;
      case "replacements":
        this.replace(answer.files);
        this.endReplacing();
        this.soon(0);
        break;
    }
  }

  private replace(files: readonly { readonly file: string; readonly changes: readonly Replacement[] }[]): void {
    const said = words.get().files.search;
    let matches = 0;
    let changedFiles = 0;
    for (const { file, changes } of files) {
      const before = this.sent.get(file);
      const same = this.client.text(file) === before;
      const meanwhile = this.replacing?.followers.get(file)?.changes();
      const name = this.client.view().files.find(({ id }) => id === file)?.name;
      if (before === undefined || name === undefined) continue;
      const specs = changes.map(({ from, to, insert }) => ({ from, to, insert: Text.of(insert.split("\n")) }));
      const wanted = ChangeSet.of(specs, before.length);
      const edit = same ? wanted : meanwhile === undefined ? undefined : over(wanted, meanwhile);
      if (edit === undefined) this.notes.info(said.changed(name));
      else if (this.editor.edit(file, edit, "input.replace.all")) {
        matches += changes.length;
        changedFiles++;
      }
    }
    this.notes.info(said.replaced(said.matches(matches), said.files(changedFiles)));
  }

  private endReplacing(): void {
    for (const { end } of this.replacing?.followers.values() ?? []) end();
    this.replacing = undefined;
    this.busy.set(false);
  }
}

/** A replacement that is on its way, and what happens to the texts meanwhile. */
type Replacing = { readonly id: number; readonly followers: ReadonlyMap<string, { changes: () => ChangeSet; end: () => void }> };
