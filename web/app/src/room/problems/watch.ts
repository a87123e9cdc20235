import type { RoomView, RunView } from "@codecollab/client";
import type { Text } from "@codemirror/state";
import { languageDetail } from "../../lib/languages";
import { Store } from "../../lib/store";
import { lineNow } from "./line-now";
import type { LineMark } from "./marks";
import { Patterns } from "./patterns";
import { problemsIn, type Problem } from "./problems";

/** What the watch needs of the page. */
export type Marked = {
  text(file: string): Text;
  mark(file: string, marks: readonly LineMark[]): void;
};

/** How long after a failure a language's patterns are asked for again, in milliseconds. */
const again = 3000;

/**
 * Finds what went wrong in runs, and marks it in the editor. A run is marked in the texts that it was started with: what has
 * been edited since moves the marks, and an edited line gets none.
 */
export class ProblemWatch {
  /** Grows whenever another language's patterns have come. */
  readonly came = new Store(0);
  private readonly patterns = new Map<string, Patterns | undefined>();
  private readonly found = new WeakMap<object, readonly Problem[]>();
  private started: { readonly run: number; readonly texts: ReadonlyMap<string, Text>; readonly files: RoomView["files"] } | undefined;
  /** The last run that was looked at, or had ended before the page came. */
  private known: number | undefined;
  private waiting: RunView | undefined;
  private marked: readonly string[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  /** detail answers with a language's patterns. */
  constructor(
    private readonly page: Marked,
    private readonly detail: (language: string) => Promise<{ readonly errors: readonly string[] }> = languageDetail,
  ) {}

  /** Looks at the room after a change. */
  see(view: RoomView): void {
    const run = view.runs.at(-1);
    if (this.known === undefined) {
      if (view.status !== "ready") return;
      // What had ended before this page came was started with texts that it has not seen.
      this.known = run?.finish === undefined ? 0 : run.run;
    }
    if (run === undefined || run.run <= this.known) return;
    if (this.started?.run !== run.run) {
      this.clear();
      this.waiting = undefined;
      this.started = { run: run.run, texts: new Map(view.files.map(({ id }) => [id, this.page.text(id)])), files: view.files };
      this.of(run.request.language);
    }
    if (run.finish === undefined) return;
    this.known = run.run;
    this.waiting = run;
    this.markWaiting();
  }

  /** A language's patterns; undefined while they are not known, and then they are asked for. */
  of(language: string): Patterns | undefined {
    if (this.patterns.has(language)) return this.patterns.get(language);
    this.patterns.set(language, undefined);
    this.detail(language).then(
      ({ errors }) => {
        this.patterns.set(language, new Patterns(errors));
        this.came.update((n) => n + 1);
        this.markWaiting();
      },
      () => {
        if (this.closed) return;
        this.timer = setTimeout(() => {
          this.patterns.delete(language);
          this.of(language);
        }, again);
      },
    );
    return undefined;
  }

  /** What went wrong in a run that has ended. */
  problems(run: Pick<RunView, "finish" | "request">, files: RoomView["files"]): readonly Problem[] {
    const { finish } = run;
    if (finish === undefined || finish.outcome === "stopped") return none;
    const known = this.found.get(finish);
    if (known !== undefined) return known;
    const patterns = this.of(run.request.language);
    if (patterns === undefined) return none;
    // What goes to standard output may stand between: each stream is read by itself.
    const streams = new Map<string, string>();
    for (const { stream, data } of finish.output) streams.set(stream, (streams.get(stream) ?? "") + data);
    streams.delete("typed");
    const problems = ["compile", "stderr", "stdout"].flatMap((s) => problemsIn(streams.get(s) ?? "", patterns, files));
    this.found.set(finish, problems);
    return problems;
  }

  /** The line of a problem as it is now, as well as that can be said. */
  lineOf(run: number, { file, line }: Pick<Problem, "file" | "line">): number {
    const before = this.started?.run === run ? this.started.texts.get(file) : undefined;
    return before === undefined ? line : (lineNow(before, this.page.text(file), line) ?? line);
  }

  /** Ends the watch. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private markWaiting(): void {
    const { waiting, started } = this;
    if (waiting === undefined || started === undefined || this.of(waiting.request.language) === undefined) return;
    this.waiting = undefined;
    const byFile = new Map<string, Problem[]>();
    for (const problem of this.problems(waiting, started.files)) byFile.set(problem.file, [...(byFile.get(problem.file) ?? []), problem]);
    for (const [file, problems] of byFile) {
      const before = started.texts.get(file);
      if (before === undefined) continue;
      const now = this.page.text(file);
      const marks = problems.flatMap(({ line, ...rest }) => {
        const moved = lineNow(before, now, line);
        return moved === undefined ? [] : [{ ...rest, line: moved }];
      });
      this.page.mark(file, marks);
    }
    this.marked = [...byFile.keys()];
  }

  private clear(): void {
    for (const file of this.marked) this.page.mark(file, []);
    this.marked = [];
  }
}

const none: readonly Problem[] = [];
