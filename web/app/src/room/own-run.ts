/** Keys that mean nothing by themselves. */
const modifiers = new Set(["Control", "Shift", "Alt", "Meta"]);

/**
 * The run that was started from this very page, and whether its person still looks at it: has touched nothing since
 * pressing Run. Only then may the terminal take the focus when the program asks for input, so that nobody's typing in the
 * editor ends in a program. It also measures how long the first output took.
 */
export class OwnRun {
  private run: number | undefined;
  private pressedAt = 0;
  private touchedAt = 0;
  private focused = false;
  private measured = true;

  /** Notices what the person touches; the answer ends it. */
  listen(): () => void {
    const touched = (event: Event): void => {
      if (event instanceof KeyboardEvent && (modifiers.has(event.key) || event.repeat)) return;
      this.touchedAt = event.timeStamp;
    };
    for (const type of ["keydown", "pointerdown"]) addEventListener(type, touched, { capture: true });
    return () => {
      for (const type of ["keydown", "pointerdown"]) removeEventListener(type, touched, { capture: true });
    };
  }

  /** Run was pressed. */
  pressed(): void {
    this.pressedAt = performance.now();
    this.run = undefined;
    this.focused = false;
    this.measured = false;
  }

  /** The room knows of the run. */
  began(run: number): void {
    this.run = run;
  }

  /** Whether a run is the one that was started here. */
  is(run: number): boolean {
    return this.run === run;
  }

  /** The run waits for input: whether the terminal is to take the focus. Once for each run, and never on a touch screen, where the keyboard would jump up. */
  waits(run: number): boolean {
    if (!this.is(run) || this.focused) return false;
    this.focused = true;
    return this.touchedAt <= this.pressedAt && !matchMedia("(pointer: coarse)").matches;
  }

  /** Output was drawn. */
  printed(run: number | undefined): void {
    if (this.measured || run === undefined || !this.is(run)) return;
    this.measured = true;
    performance.measure("codecollab: first output", { start: this.pressedAt });
  }
}
