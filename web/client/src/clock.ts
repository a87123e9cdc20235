/** What the client knows of time; tests put their own in its place. All times are milliseconds. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls f once after ms; the answer is for clearTimeout. */
  setTimeout(f: () => void, ms: number): unknown;
  /** Forgets a call that setTimeout promised; one that was made already is no error. */
  clearTimeout(handle: unknown): void;
}

/** The clock of the platform. It looks the functions up at each call, so that fake timers take hold of it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (f, ms) => setTimeout(f, ms),
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
};

/** One call in the future at most: arming a timer that is armed moves it. */
export class Timer {
  private handle: unknown = undefined;

  constructor(
    private readonly clock: Clock,
    private readonly f: () => void,
  ) {}

  /** Whether a call is due. */
  get armed(): boolean {
    return this.handle !== undefined;
  }

  /** Calls f in ms, and not when it was due before. */
  arm(ms: number): void {
    this.cancel();
    this.handle = this.clock.setTimeout(() => {
      this.handle = undefined;
      this.f();
    }, Math.max(0, ms));
  }

  /** Calls f in ms unless a call is due already. */
  armOnce(ms: number): void {
    if (!this.armed) this.arm(ms);
  }

  /** Forgets the call. */
  cancel(): void {
    if (this.handle === undefined) return;
    this.clock.clearTimeout(this.handle);
    this.handle = undefined;
  }
}
