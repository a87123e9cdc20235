/** Calls f when it is asked to: at once after a rest, and otherwise once in so many milliseconds for all who have asked. */
export class Slowly {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last = -Infinity;

  constructor(
    private readonly ms: number,
    private readonly f: () => void,
  ) {}

  ask(): void {
    if (this.timer !== undefined) return;
    const wait = this.last + this.ms - performance.now();
    if (wait > 0) this.timer = setTimeout(() => this.call(), wait);
    else this.call();
  }

  /** Forgets what was asked for. */
  cancel(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private call(): void {
    this.timer = undefined;
    this.last = performance.now();
    this.f();
  }
}
