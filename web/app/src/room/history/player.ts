import type { LogEvent } from "@codecollab/client";
import { ApiError } from "../../lib/api";
import { Store } from "../../lib/store";
import type { HistoryApi, Overview } from "./api";
import { freshEdits, Moment, type Fresh, type PastFile } from "./moment";
import { Pace } from "./pace";

/** How fast a history can be played. */
export const speeds = [1, 4, 16, 64, 256, 1024] as const;

/** What is seen of a moment. */
export type Shown = {
  readonly version: number;
  readonly at: number;
  readonly files: readonly PastFile[];
  readonly fresh: readonly Fresh[];
  readonly person: Moment["person"];
};

/** The history as it is on the screen. */
export type PlayerState = {
  readonly overview?: Overview;
  /** What the overview could not be had for; a moment's own error is a passing one. */
  readonly error?: string;
  readonly momentError?: string;
  /** Where the scrubber is; what is shown follows it. */
  readonly version: number;
  readonly shown?: Shown;
  readonly waiting: boolean;
  readonly playing: boolean;
  readonly speed: number;
  readonly skipIdle: boolean;
};

/** What passes the time: animation frames in the page. The answer stops it. */
export type Ticker = (tick: (ms: number) => void) => () => void;

const buckets = 600;
const pageEvents = 1000;
/** Fewer events than this ahead, and the next page is asked for. */
const ahead = 400;
/** Jumps that follow each other faster than this wait so long, in milliseconds. */
const settle = 90;
/** More events are not played in one tick, however fast. */
const mostInTick = 1500;

/** Goes through a room's history: jumps to moments and plays from there. */
export class Player {
  readonly state = new Store<PlayerState>({ version: 0, waiting: true, playing: false, speed: 16, skipIdle: true });
  private readonly pace = new Pace(16, true);
  private moment: Moment | undefined;
  /** Events after the moment, in order, without gaps but for those that are not played. */
  private queue: LogEvent[] = [];
  /** Up to which version queue reaches. */
  private loaded = 0;
  private jump: AbortController | undefined;
  private page: AbortController | undefined;
  private stopTicking: (() => void) | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  private closed = false;
  private lastJump = 0;

  constructor(
    private readonly api: HistoryApi,
    private readonly ticker: Ticker,
  ) {}

  /** Loads the overview and goes to a version, or to the end. */
  async open(version?: number): Promise<void> {
    clearTimeout(this.again);
    try {
      const overview = await this.api.overview(buckets);
      if (this.closed) return;
      const { error: _, ...before } = this.state.get();
      this.state.set({ ...before, overview });
      if (overview.ready < overview.version) this.again = setTimeout(() => void this.open(this.state.get().version || version), 1000);
      this.seek(version ?? overview.version);
    } catch (error) {
      if (this.closed) return;
      this.patch({ error: said(error), waiting: false });
    }
  }

  /** The last version. */
  get last(): number {
    return this.state.get().overview?.version ?? 0;
  }

  /** Goes to a version; playing stops. */
  seek(version: number): void {
    this.pause();
    this.go(version);
  }

  /** Plays from here on, or from the beginning when this is the end. */
  play(): void {
    if (this.last === 0 || this.state.get().playing) return;
    if (this.state.get().version >= this.last) this.go(1);
    this.pace.reset();
    this.patch({ playing: true });
    this.stopTicking = this.ticker((ms) => this.tick(ms));
    this.fetchAhead();
  }

  /** Stops playing. */
  pause(): void {
    this.stopTicking?.();
    this.stopTicking = undefined;
    if (this.state.get().playing) this.patch({ playing: false });
  }

  toggle(): void {
    if (this.state.get().playing) this.pause();
    else this.play();
  }

  setSpeed(speed: number): void {
    this.pace.speed = speed;
    this.patch({ speed });
  }

  setSkipIdle(skipIdle: boolean): void {
    this.pace.skipIdle = skipIdle;
    this.patch({ skipIdle });
  }

  /** Ends everything that is under way. */
  close(): void {
    this.closed = true;
    this.pause();
    clearTimeout(this.again);
    this.jump?.abort();
    this.page?.abort();
  }

  private go(version: number): void {
    const wanted = Math.max(1, Math.min(version, this.last));
    this.jump?.abort();
    this.page?.abort();
    this.page = undefined;
    this.queue = [];
    const { momentError: _, ...before } = this.state.get();
    this.state.set({ ...before, version: wanted, waiting: true });
    if (this.last === 0) return;
    const jump = new AbortController();
    this.jump = jump;
    this.load(wanted, jump.signal).catch((error: unknown) => {
      if (jump.signal.aborted || this.closed) return;
      this.pause();
      this.patch({ momentError: said(error), waiting: false });
      if (error instanceof ApiError && error.code === "history_pending") this.again = setTimeout(() => this.go(wanted), 1000);
    });
  }

  private async load(version: number, signal: AbortSignal): Promise<void> {
    // While the scrubber is dragged, most moments are left before they could be shown.
    const soon = Date.now() - this.lastJump < settle;
    this.lastJump = Date.now();
    if (soon) await new Promise((resolve) => setTimeout(resolve, settle));
    if (signal.aborted) return;
    const [state, before] = await Promise.all([
      this.api.state(version, signal),
      this.api.events(Math.max(1, version - freshEdits + 1), version, signal),
    ]);
    if (signal.aborted || this.closed) return;
    this.moment = new Moment(state, before.events);
    this.loaded = version;
    this.show(false);
    if (this.state.get().playing) this.fetchAhead();
  }

  private tick(ms: number): void {
    const { moment } = this;
    if (moment === undefined || this.state.get().waiting) return;
    this.pace.pass(Math.min(ms, 250));
    let played = 0;
    for (; played < mostInTick; played++) {
      const next = this.queue[0];
      if (next === undefined || !this.pace.due(moment.at, next.at)) break;
      try {
        moment.apply(next);
      } catch (error) {
        this.pause();
        this.patch({ momentError: said(error) });
        return;
      }
      this.queue.shift();
    }
    if (this.queue.length === 0) this.ranDry(moment);
    if (this.queue.length < ahead) this.fetchAhead();
    if (played > 0) this.show(this.state.get().waiting);
  }

  /** Nothing is left to play: it is the end, or the server is slower than the player. */
  private ranDry(moment: Moment): void {
    if (this.loaded < this.last) {
      this.pace.reset();
      return;
    }
    moment.reach(this.last);
    this.pause();
    this.show(false);
  }

  private fetchAhead(): void {
    if (this.page !== undefined || this.moment === undefined || this.loaded >= this.last) return;
    const page = new AbortController();
    this.page = page;
    const from = this.loaded + 1;
    const to = Math.min(this.last, from + pageEvents - 1);
    this.api.events(from, to, page.signal).then(
      ({ events, next }) => {
        if (page.signal.aborted) return;
        this.page = undefined;
        this.queue.push(...events);
        this.loaded = next === undefined ? to : next - 1;
      },
      (error: unknown) => {
        if (page.signal.aborted || this.closed) return;
        this.page = undefined;
        this.pause();
        this.patch({ momentError: said(error) });
      },
    );
  }

  private show(waiting: boolean): void {
    const { moment } = this;
    if (moment === undefined) return;
    const { version, at } = moment;
    this.patch({ version, waiting, shown: { version, at, files: moment.files(), fresh: moment.fresh(), person: (id) => moment.person(id) } });
  }

  private patch(part: Partial<PlayerState>): void {
    if (!this.closed) this.state.update((state) => ({ ...state, ...part }));
  }
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Time by animation frames. */
export const frames: Ticker = (tick) => {
  let last: number | undefined;
  let id = requestAnimationFrame(function frame(now) {
    if (last !== undefined) tick(now - last);
    last = now;
    id = requestAnimationFrame(frame);
  });
  return () => cancelAnimationFrame(id);
};
