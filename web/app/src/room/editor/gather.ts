/** What waits is shown this long after what was shown before it, in milliseconds: with fifty people typing, edits come every few. */
const pause = 33;

/** However much the user types, what waits is shown after so long, in milliseconds. */
const most = 66;

/** Where there are no frames (a window that is covered, a page just awake) it is shown after so long all the same, in milliseconds. */
const frameless = 250;

/**
 * Gathers what others have typed, so that an editor shows it once for several frames, and not in the frame that shows a key of
 * the user's.
 */
export class Gather {
  private readonly waiting = new Set<() => void>();
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private since = 0;
  private last = -Infinity;
  private typed = false;

  /** Calls bring when it suits; at once where nobody looks, since there are no frames there. */
  later(bring: () => void): void {
    if (document.hidden) {
      bring();
      return;
    }
    this.waiting.add(bring);
    if (this.frame !== 0) return;
    this.since = performance.now();
    this.frame = requestAnimationFrame(this.next);
    this.timer = setTimeout(() => this.now(), frameless);
  }

  /** The user has changed the text: the next frame is for that. */
  own(): void {
    this.typed = true;
  }

  /** Brings everything now. */
  now(): void {
    this.unplan();
    this.typed = false;
    if (this.waiting.size === 0) return;
    this.last = performance.now();
    const all = [...this.waiting];
    this.waiting.clear();
    for (const bring of all) bring();
  }

  /** Forgets what waits. */
  close(): void {
    this.unplan();
    this.waiting.clear();
  }

  private unplan(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.frame = 0;
  }

  private readonly next = (): void => {
    const now = performance.now();
    const wait = now - this.since < most && (this.typed || now - this.last < pause);
    this.typed = false;
    if (wait) this.frame = requestAnimationFrame(this.next);
    else this.now();
  };
}
