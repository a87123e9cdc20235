import type { ChangeSet, Text } from "@codemirror/state";
import type { Binding, BoundDocument, DocumentEvent } from "../src/core/binding";
import { changesOf, replacementsOf, textOf } from "../src/core/places";

/** Something that is told at another time, as between the processes of an editor. */
type Later = (f: () => void) => void;

/**
 * A document as VS Code has it: the real one is in another process, whose events arrive late and in order; a change is applied only
 * when the real one is still at the version that was known when it was asked for. It keeps an undo stack that knows no persons.
 */
export class FakeDocument implements BoundDocument {
  binding: Binding | undefined;
  /** How often a change came too late. */
  refused = 0;
  private real: Text;
  private known: Text;
  private realVersion = 1;
  private knownVersion = 1;
  private readonly stack: ChangeSet[] = [];

  constructor(
    text: string,
    private readonly later: Later,
  ) {
    this.real = textOf(text);
    this.known = this.real;
  }

  text(): string {
    return this.known.toString();
  }

  /** What is on the screen. */
  get screen(): Text {
    return this.real;
  }

  apply(changes: ChangeSet, before: Text): Promise<boolean> {
    const asked = this.knownVersion;
    const replacements = replacementsOf(before, changes);
    return new Promise((resolve) => {
      this.later(() => {
        const fits = asked === this.realVersion;
        if (fits) this.change(changesOf(this.real, replacements.toReversed()), undefined);
        else this.refused++;
        this.later(() => resolve(fits));
      });
    });
  }

  /** The user does something. */
  user(changes: ChangeSet): void {
    this.change(changes, undefined);
  }

  /** The editor's own undo. */
  undo(): void {
    const back = this.stack.pop();
    if (back === undefined) return;
    this.change(back, "undo");
    this.stack.pop();
  }

  private change(changes: ChangeSet, reason: DocumentEvent["reason"]): void {
    const replacements = replacementsOf(this.real, changes).toReversed();
    this.stack.push(changes.invert(this.real));
    this.real = changes.apply(this.real);
    const version = ++this.realVersion;
    const after = this.real;
    this.later(() => {
      this.known = after;
      this.knownVersion = version;
      this.binding?.event({ changes: replacements, ...(reason === undefined ? {} : { reason }) });
    });
  }
}

/** Runs what was put off one after another, each after a random number of turns. */
export class Turns {
  private readonly waiting: (() => void)[] = [];

  readonly later: Later = (f) => void this.waiting.push(f);

  get idle(): boolean {
    return this.waiting.length === 0;
  }

  /** Runs the next one, and lets promises go on. */
  async next(): Promise<void> {
    this.waiting.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
