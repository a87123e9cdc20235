import { ChangeSet, type Text } from "@codemirror/state";
import type { RoomClient } from "@codecollab/client";
import { differ } from "./differ";
import { OwnHistory } from "./history";
import { changesOf, shownChanges, shownText, textOf, type Replacement } from "./places";

/** What a binding needs of an editor's document. */
export interface BoundDocument {
  /** The text as it is now, with line feeds. */
  text(): string;
  /**
   * Applies changes, unless the document is not the one any more that its last event told of: then nothing happens and the
   * answer is false. Its event comes like those of the user.
   */
  apply(changes: ChangeSet, before: Text): Promise<boolean>;
}

/** A change of a document as its editor tells it. */
export type DocumentEvent = {
  readonly changes: readonly Replacement[];
  /** Set when the editor's own undo or redo made it. */
  readonly reason?: "undo" | "redo";
};

/** What a binding needs of a room. */
export type BoundClient = Pick<RoomClient, "text" | "edit" | "canEdit" | "onEdit">;

/** Who is told. */
export interface BindingOwner {
  /** A change was refused, and is taken back out of the document; text is what it had inserted. */
  refused(message: string, text: string): void;
  /** Something that should not happen, for a log. */
  report(detail: string): void;
  /** The document shows what the room has. */
  settled?(): void;
}

/** How long the event of a change that was applied may take, in milliseconds. */
const patience = 2000;

/**
 * Keeps a document and a file of a room the same, in both directions. What the user does goes to the room at once; what comes from
 * the room waits in `pending` until the document has taken it. While the document is asked, events wait as well, because only its
 * answer tells whether the first of them is the echo of what was applied.
 */
export class Binding {
  /** The document, as far as its events have told. */
  private shown: Text;
  /** What the room has and the document lacks; on shown, or on shown with what is being applied. */
  private pending: ChangeSet | undefined;
  private applying: ChangeSet | undefined;
  /** Applied, and its event has not come. */
  private echo: ChangeSet | undefined;
  private held: DocumentEvent[] = [];
  private readonly history = new OwnHistory();
  private readonly end: () => void;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private closed = false;

  constructor(
    private readonly client: BoundClient,
    readonly file: string,
    private readonly document: BoundDocument,
    private readonly owner: BindingOwner,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.shown = textOf(document.text());
    this.end = client.onEdit(file, (changes) => this.remote(changes));
    const there = shownText(client.text(file));
    if (!there.eq(this.shown)) this.pending = differ(this.shown, there);
    this.flush();
  }

  /** Whether the document shows what the room has. */
  get isSettled(): boolean {
    return this.pending === undefined && this.applying === undefined && this.echo === undefined && this.held.length === 0;
  }

  /** The document as the binding knows it. */
  get text(): Text {
    return this.shown;
  }

  /** An offset of the document in the room's text. */
  toRoom(offset: number): number {
    for (const changes of this.ahead()) offset = changes.mapPos(Math.min(offset, changes.length), -1);
    return offset;
  }

  /** An offset of the room's text in the document. */
  toDocument(offset: number): number {
    for (const changes of this.ahead().toReversed()) offset = changes.invertedDesc.mapPos(Math.min(offset, changes.newLength), -1);
    return Math.min(offset, this.shown.length);
  }

  /** The document has changed. */
  event(event: DocumentEvent): void {
    if (this.closed) return;
    if (this.applying !== undefined) {
      this.held.push(event);
      return;
    }
    this.take(event);
    this.flush();
  }

  /** Takes the user's last step back, or makes it again. The answer is where, in the room's text; undefined: there is none. */
  step(which: "undo" | "redo"): number | undefined {
    const place = this.own(which);
    this.flush();
    return place;
  }

  /** Ends it; the document stays as it is. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.end();
  }

  private ahead(): ChangeSet[] {
    return [this.echo ?? this.applying, this.pending].filter((c) => c !== undefined);
  }

  private take({ changes: replacements, reason }: DocumentEvent): void {
    const changes = changesOf(this.shown, replacements);
    if (changes.empty) return;
    const { echo } = this;
    if (echo !== undefined) {
      this.echo = undefined;
      clearTimeout(this.timer);
      if (changes.apply(this.shown).eq(echo.apply(this.shown))) {
        this.shown = echo.apply(this.shown);
        return;
      }
      this.owner.report("the event after a change that was applied is not its echo");
      this.pending = this.pending === undefined ? echo : echo.compose(this.pending);
    }
    if (reason === undefined) this.local(changes);
    else this.foreignUndo(changes, reason);
  }

  /** The user has changed the document. */
  private local(changes: ChangeSet): void {
    const before = this.shown;
    this.shown = changes.apply(before);
    const { pending } = this;
    const mine = pending === undefined ? changes : changes.map(pending, true);
    const allowed = this.client.canEdit(this.file, mine);
    if (allowed.ok) {
      this.pending = pending?.map(changes, false);
      const text = this.client.text(this.file);
      this.client.edit(this.file, mine);
      this.history.own(mine, text, this.now());
      this.tidy();
      return;
    }
    const back = changes.invert(before);
    this.pending = pending === undefined ? back : back.compose(pending);
    let lost = "";
    changes.iterChanges((_fromA, _toA, _fromB, _toB, inserted) => void (lost += inserted.toString()));
    this.owner.refused(allowed.message, lost);
  }

  /**
   * The editor's own undo takes back whatever was last in the document, also what others wrote. It is not passed on: the user's
   * own last step is taken back in its place, and the document then brought to what the room has.
   */
  private foreignUndo(changes: ChangeSet, which: "undo" | "redo"): void {
    this.shown = changes.apply(this.shown);
    this.own(which);
    const there = shownText(this.client.text(this.file));
    this.pending = there.eq(this.shown) ? undefined : differ(this.shown, there);
  }

  private own(which: "undo" | "redo"): number | undefined {
    const text = this.client.text(this.file);
    const allowed = this.client.canEdit(this.file, ChangeSet.empty(text.length));
    if (!allowed.ok) {
      this.owner.refused(allowed.message, "");
      return undefined;
    }
    const changes = this.history[which](text);
    if (changes === undefined) return undefined;
    this.client.edit(this.file, changes);
    this.takeLater(changes);
    let place = 0;
    changes.iterChangedRanges((_fromA, _toA, _fromB, toB) => void (place = toB));
    return place;
  }

  private remote(changes: ChangeSet): void {
    this.history.remote(changes);
    this.takeLater(changes);
    this.flush();
  }

  /** The document is to take a change of the room. */
  private takeLater(changes: ChangeSet): void {
    const shown = shownChanges(changes);
    this.pending = this.pending === undefined ? shown : this.pending.compose(shown);
  }

  private tidy(): void {
    if (this.pending?.empty === true) this.pending = undefined;
  }

  private flush(): void {
    this.tidy();
    if (this.closed || this.applying !== undefined || this.echo !== undefined) return;
    const { pending, shown } = this;
    if (pending === undefined) {
      this.owner.settled?.();
      return;
    }
    this.pending = undefined;
    this.applying = pending;
    this.document.apply(pending, shown).then(
      (applied) => this.answered(pending, applied),
      (error: unknown) => {
        this.owner.report(String(error));
        this.answered(pending, false);
      },
    );
  }

  private answered(changes: ChangeSet, applied: boolean): void {
    this.applying = undefined;
    if (this.closed) return;
    if (applied) {
      this.failures = 0;
      this.echo = changes;
      this.timer = setTimeout(() => this.lookAgain(), patience);
    } else {
      this.failures++;
      this.pending = this.pending === undefined ? changes : changes.compose(this.pending);
    }
    const { held } = this;
    this.held = [];
    for (const event of held) this.take(event);
    // The user was faster, and their event is on its way; or the document takes nothing, and is asked again and again, but not too often.
    if (!applied && held.length === 0) setTimeout(() => this.flush(), Math.min(20 * 2 ** Math.min(this.failures, 7), patience));
    else this.flush();
  }

  /** The event of what was applied has not come: looks at the document itself. */
  private lookAgain(): void {
    const { echo } = this;
    if (echo === undefined || this.closed) return;
    this.echo = undefined;
    const there = textOf(this.document.text());
    this.owner.report("no event has come for a change that was applied");
    if (there.eq(echo.apply(this.shown))) this.shown = there;
    else this.pending = this.pending === undefined ? echo : echo.compose(this.pending);
    this.flush();
  }
}
