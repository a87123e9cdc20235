import type { ChangeSet, Text } from "@codemirror/state";

/** What takes one step of the user back, and what others have done since. */
type Step = {
  /** On the text as it was after the step, or rather before `since`. */
  readonly changes: ChangeSet;
  /** What others did after it, composed; on the same text as changes. */
  since: ChangeSet | undefined;
  /** When it was made, in milliseconds. */
  readonly at: number;
  /** What it has changed, in the text after it. */
  readonly from: number;
  readonly to: number;
};

/** Typing that goes on within so many milliseconds is one step. */
const pause = 500;
const most = 300;

/**
 * The user's own steps in one file: undo and redo take back those and nobody else's. What others do in between is kept beside
 * the newest step, and moves on to the one below when that is taken.
 */
export class OwnHistory {
  private done: Step[] = [];
  private undone: Step[] = [];

  /** The user has made a change of a text. */
  own(changes: ChangeSet, before: Text, now: number): void {
    this.undone = [];
    let from = changes.newLength;
    let to = 0;
    changes.iterChangedRanges((_fromA, _toA, fromB, toB) => {
      from = Math.min(from, fromB);
      to = Math.max(to, toB);
    });
    const inverse = changes.invert(before);
    const last = this.done.at(-1);
    if (last !== undefined && last.since === undefined && now - last.at < pause && touches(last, changes)) {
      const joined = inverse.compose(last.changes);
      this.done[this.done.length - 1] = {
        changes: joined,
        since: undefined,
        at: now,
        from: Math.min(from, changes.mapPos(last.from, -1)),
        to: Math.max(to, changes.mapPos(last.to, 1)),
      };
      return;
    }
    this.done.push({ changes: inverse, since: undefined, at: now, from, to });
    if (this.done.length > most) this.done.shift();
  }

  /** Somebody else has made one. */
  remote(changes: ChangeSet): void {
    note(this.done, changes);
    note(this.undone, changes);
  }

  /** The change that takes back the last step that can be, on the text as it is now; undefined when there is none. */
  undo(text: Text): ChangeSet | undefined {
    return this.take(this.done, this.undone, text);
  }

  /** The change that makes again what was taken back last. */
  redo(text: Text): ChangeSet | undefined {
    return this.take(this.undone, this.done, text);
  }

  private take(from: Step[], to: Step[], text: Text): ChangeSet | undefined {
    for (let step = from.pop(); step !== undefined; step = from.pop()) {
      const { changes, since } = step;
      const now = since === undefined ? changes : changes.map(since, true);
      if (since !== undefined) note(from, since.map(changes, false));
      if (now.empty || now.length !== text.length) continue; // others have deleted all of it
      to.push({ changes: now.invert(text), since: undefined, at: 0, from: 0, to: 0 });
      return now;
    }
    return undefined;
  }
}

function note(steps: readonly Step[], changes: ChangeSet): void {
  const last = steps.at(-1);
  if (last !== undefined) last.since = last.since === undefined ? changes : last.since.compose(changes);
}

/** Whether a change goes on where a step has ended. */
function touches(last: Step, changes: ChangeSet): boolean {
  let near = false;
  changes.iterChangedRanges((fromA, toA) => {
    if (fromA <= last.to && toA >= last.from) near = true;
  });
  return near;
}
