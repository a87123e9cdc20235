import { Timer, type Clock } from "./clock";

/** How long a batch waits for its save before it is sent all the same, in milliseconds. */
const patience = 1000;

/** Runs saves one after another, and never more often than asked for. */
export class Saver {
  private readonly timer: Timer;
  private running: Promise<void> | undefined;
  private again: Promise<void> | undefined;
  private dueAt = Infinity;
  private stuck = false;

  /** save must begin its work with the state of the moment of the call. */
  constructor(
    private readonly save: () => Promise<void>,
    private readonly clock: Clock,
    private readonly failed: (error: unknown) => void,
  ) {
    this.timer = new Timer(clock, () => void this.now());
  }

  /** Saves within ms. */
  within(ms: number): void {
    const at = this.clock.now() + ms;
    if (at >= this.dueAt) return;
    this.dueAt = at;
    this.timer.arm(ms);
  }

  /** Saves at once. Resolves when the state of this moment is saved, or cannot be; never rejects. */
  now(): Promise<void> {
    if (this.running === undefined) return this.begin();
    this.again ??= this.running.then(() => {
      this.again = undefined;
      return this.begin();
    });
    return this.again;
  }

  /** Saves this moment's state without waiting for a save that is under way: for when the page may be gone in a moment. */
  atOnce(): Promise<void> {
    const earlier = this.running;
    return Promise.all([earlier, this.begin()]).then(() => undefined);
  }

  /** Like now, but does not wait for a store that does not answer. */
  soonEnough(): Promise<void> {
    const saved = this.now();
    if (this.stuck) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = new Timer(this.clock, () => {
        this.stuck = true;
        this.failed(new Error(`the outbox has not answered for ${patience} ms`));
        resolve();
      });
      timer.arm(patience);
      void saved.then(() => {
        timer.cancel();
        this.stuck = false;
        resolve();
      });
    });
  }

  /** Forgets a save that is due. */
  cancel(): void {
    this.timer.cancel();
    this.dueAt = Infinity;
  }

  private begin(): Promise<void> {
    this.cancel();
    let saving: Promise<void>;
    try {
      saving = this.save();
    } catch (error) {
      saving = Promise.reject(error as Error);
    }
    const run = saving.catch(this.failed).then(() => {
      if (this.running === run) this.running = undefined;
    });
    this.running = run;
    return run;
  }
}
