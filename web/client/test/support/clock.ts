import type { Clock } from "../../src/clock";

/** A clock that stands still until it is told how far to go. */
export class FakeClock implements Clock {
  private time = 1_000_000;
  private last = 0;
  private readonly timers = new Map<number, { at: number; f: () => void }>();

  now(): number {
    return this.time;
  }

  setTimeout(f: () => void, ms: number): number {
    this.timers.set(++this.last, { at: this.time + Math.max(0, ms), f });
    return this.last;
  }

  clearTimeout(handle: unknown): void {
    this.timers.delete(handle as number);
  }

  /** How many calls are due. */
  get due(): number {
    return this.timers.size;
  }

  /** Goes ms forward and makes the calls that are due, each at its time, with promises settled after each. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settle();
    for (;;) {
      let next: number | undefined;
      let at = Infinity;
      for (const [id, timer] of this.timers) {
        if (timer.at <= end && timer.at < at) {
          at = timer.at;
          next = id;
        }
      }
      if (next === undefined) break;
      const f = this.timers.get(next)?.f;
      this.timers.delete(next);
      this.time = Math.max(this.time, at);
      f?.();
      await settle();
    }
    this.time = end;
    await settle();
  }
}

/** Resolves when all promises that can settle have. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
