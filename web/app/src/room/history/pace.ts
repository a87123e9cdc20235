/** Pauses longer than this are cut to it when idle time is skipped, in milliseconds. */
export const idleKept = 1500;

/** Turns the time that passes on the screen into events that are due. */
export class Pace {
  /** How far the history has been played since its last event, in its own milliseconds. */
  private passed = 0;

  constructor(
    public speed: number,
    public skipIdle: boolean,
  ) {}

  /** Some time passes on the screen. */
  pass(ms: number): void {
    this.passed += ms * this.speed;
  }

  /** Whether the next event is due, when the last one was at `last` and it is at `next`. If so, the clock stands at it. */
  due(last: number, next: number): boolean {
    const gap = Math.max(0, next - last);
    const wait = this.skipIdle ? Math.min(gap, idleKept) : gap;
    if (this.passed < wait) return false;
    this.passed -= wait;
    return true;
  }

  /** Forgets the time that has passed: after a jump, or a wait for the server. */
  reset(): void {
    this.passed = 0;
  }
}
