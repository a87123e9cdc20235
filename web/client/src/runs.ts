import type { RunStage, RunView } from "./types";
import type * as wire from "./wire.gen";

/** How many runs are remembered. */
const kept = 50;
/** UTF-16 units of a live run's output that are kept at its beginning, and at its end. */
const headUnits = 128 * 1024;
const tailUnits = 256 * 1024;

type Run = {
  record: wire.RunRecord;
  state: RunStage;
  place: number | undefined;
  attempt: number;
  terminal: wire.Size | undefined;
  live: LiveOutput;
  view: RunView | undefined;
};

/** The stream of the marks that say who types. */
const typed = "typed";

/** The output of a run that goes on: its beginning and its end, within bounds. */
class LiveOutput {
  private head: wire.Chunk[] = [];
  private headSize = 0;
  private tail: wire.Chunk[] = [];
  private tailSize = 0;
  omitted = 0;

  add(stream: string, data: string): void {
    if (this.headSize < headUnits && this.tail.length === 0) {
      const part = stream === typed ? data : data.slice(0, headUnits - this.headSize);
      append(this.head, stream, part);
      this.headSize += part.length;
      data = data.slice(part.length);
    }
    if (data === "") return;
    append(this.tail, stream, data);
    this.tailSize += data.length;
    // Let it grow to twice its bound before cutting, so that cutting costs little.
    if (this.tailSize > 2 * tailUnits) this.cut();
  }

  chunks(): wire.Chunk[] {
    const [first, ...rest] = this.tail;
    if (first === undefined) return [...this.head];
    return [...this.head, this.omitted > 0 ? { ...first, omitted: this.omitted } : first, ...rest];
  }

  private cut(): void {
    let gone = 0;
    for (let over = this.tailSize - tailUnits; over > 0; ) {
      const first = this.tail[gone];
      if (first === undefined) break;
      // A mark is there as a whole or not at all.
      const n = first.stream === typed ? first.data.length : Math.min(over, first.data.length);
      if (n === first.data.length) gone++;
      else this.tail[gone] = { stream: first.stream, data: first.data.slice(n) };
      if (first.stream !== typed) this.omitted += n;
      this.tailSize -= n;
      over -= n;
    }
    this.tail = this.tail.slice(gone);
  }
}

function append(chunks: wire.Chunk[], stream: string, data: string): void {
  const last = chunks.at(-1);
  // Long pieces stay separate, so that a reader need not look at all of a chunk again when it grows.
  if (last !== undefined && last.stream === stream && last.data.length < 4096) {
    chunks[chunks.length - 1] = { stream, data: last.data + data };
  } else {
    chunks.push({ stream, data });
  }
}

/** The runs of a room: what its log says of them and what their programs print. */
export class Runs {
  private readonly runs = new Map<number, Run>();
  private cached: readonly RunView[] | undefined = [];

  /** Starts over from a snapshot's records. */
  load(records: readonly wire.RunRecord[]): void {
    this.runs.clear();
    for (const record of records) this.add(record);
  }

  /** The log says that a run was asked for. */
  requested(run: number, at: number, by: string, body: wire.RunBody): void {
    const { kind: _, ...request } = body;
    this.add({ run, at, by, request });
  }

  /** The log says that a run has ended. */
  finished(body: wire.FinishBody): void {
    const run = this.runs.get(body.run);
    if (run === undefined) return;
    const { kind: _, ...finish } = body;
    run.record = { ...run.record, finish };
    run.state = "finished";
    run.live = new LiveOutput();
    this.touch(run);
  }

  /** The server says where a run is. */
  state(message: Omit<wire.RunStateMessage, "t">): void {
    const run = this.runs.get(message.run);
    if (run === undefined || run.state === "finished" || !isStage(message.state)) return;
    run.state = message.state;
    run.place = message.place;
    if ((message.attempt ?? 1) > run.attempt) {
      run.attempt = message.attempt ?? 1;
      run.live = new LiveOutput();
    }
    this.touch(run);
  }

  /** The server says that a terminal has another size. */
  resized({ run: number, rows, cols }: Omit<wire.TerminalMessage, "t">): void {
    const run = this.runs.get(number);
    if (run === undefined || run.state === "finished") return;
    run.terminal = { rows, cols };
    this.touch(run);
  }

  /** A program printed something. */
  output(message: Omit<wire.OutputMessage, "t">): void {
    const run = this.runs.get(message.run);
    if (run === undefined || run.state === "finished") return;
    // The server tells states, too; but one that is sure need not be waited for.
    if (run.state === "requested" || run.state === "queued") run.state = message.stream === "compile" ? "compiling" : "running";
    run.live.add(message.stream, message.data);
    this.touch(run);
  }

  /** What the running programs had printed when this connection began; replaces what is known. */
  live(runs: readonly wire.Live[]): void {
    for (const { run: number, state, place, attempt, terminal, output } of runs) {
      const run = this.runs.get(number);
      if (run === undefined || run.state === "finished") continue;
      if (isStage(state)) run.state = state;
      run.place = place;
      run.attempt = attempt ?? 1;
      run.terminal = terminal ?? run.terminal;
      run.live = new LiveOutput();
      for (const chunk of output) {
        run.live.omitted += chunk.omitted ?? 0;
        run.live.add(chunk.stream, chunk.data);
      }
      this.touch(run);
    }
  }

  /** Whether a run is known and has not finished. */
  unfinished(run: number): boolean {
    const known = this.runs.get(run);
    return known !== undefined && known.state !== "finished";
  }

  /** The log's part, oldest first, the newest most of them. */
  records(most = kept): wire.RunRecord[] {
    return [...this.runs.values()].slice(-most).map((r) => r.record);
  }

  /** For showing; the same array until something changes. */
  views(): readonly RunView[] {
    this.cached ??= [...this.runs.values()].map((run) => (run.view ??= viewOf(run)));
    return this.cached;
  }

  private add(record: wire.RunRecord): void {
    const state = record.finish === undefined ? "requested" : "finished";
    const { terminal } = record.request;
    this.runs.set(record.run, { record, state, place: undefined, attempt: 1, terminal, live: new LiveOutput(), view: undefined });
    for (const run of this.runs.keys()) {
      if (this.runs.size <= kept) break;
      this.runs.delete(run);
    }
    this.cached = undefined;
  }

  private touch(run: Run): void {
    run.view = undefined;
    this.cached = undefined;
  }
}

function isStage(s: string): s is RunStage {
  return s === "requested" || s === "queued" || s === "compiling" || s === "running" || s === "waiting";
}

function viewOf({ record, state, place, attempt, terminal, live }: Run): RunView {
  const { run, at, by, request, finish } = record;
  return {
    run,
    at,
    by,
    request,
    state,
    ...(place !== undefined && state === "queued" ? { place } : {}),
    ...(terminal === undefined ? {} : { terminal }),
    ...(attempt > 1 ? { attempt } : {}),
    output: finish ? finish.output : live.chunks(),
    omitted: finish ? (finish.omitted ?? 0) : live.omitted,
    ...(finish ? { finish } : {}),
  };
}
