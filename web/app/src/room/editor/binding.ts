import { Annotation, Transaction, type ChangeSet, type EditorState, type Text, type TransactionSpec } from "@codemirror/state";

/** What the binding needs of a room's client. */
export interface TextSource {
  text(file: string): Text;
  edit(file: string, changes: ChangeSet): void;
  canEdit(file: string, changes: ChangeSet): { readonly ok: true } | { readonly ok: false; readonly message: string };
  onEdit(file: string, f: (changes: ChangeSet, info: { readonly kind: "remote" | "rollback" | "resync" }) => void): () => void;
}

/** Marks a transaction that brings somebody else's change into an editor. */
export const fromElsewhere = Annotation.define<true>();

/** A change from elsewhere as a transaction: not undoable, not filtered, and it moves nobody's view. */
export function incoming(changes: ChangeSet): TransactionSpec {
  return {
    changes,
    annotations: [fromElsewhere.of(true), Transaction.addToHistory.of(false), Transaction.remote.of(true)],
    filter: false,
  };
}

/** Whether a transaction changes the text on behalf of this user. */
export function isOwn(tr: Transaction): boolean {
  return tr.docChanged && tr.annotation(fromElsewhere) !== true;
}

/** Brings what has come from elsewhere into an editor: at once, or when it suits the editor better. */
export type Later = (bring: () => void) => void;

const atOnce: Later = (bring) => bring();

/**
 * Ties one file's editor states to the client. Whoever shows the file gives every transaction to take() before it is
 * applied, and gets every state through the callback when the change came from elsewhere.
 *
 * What comes from elsewhere may wait, so that many edits become one transaction. Until then the client's text is the editor's
 * with what waits applied; own changes go to the client mapped over it, and it is mapped over them.
 */
export class FileBinding {
  private readonly end: () => void;
  private waiting: ChangeSet | undefined;
  private crossed = false; // whether own changes were mapped over what waits

  /**
   * apply must bring a transaction spec into the current state, at once. refused is told why a change was not taken. later
   * decides when bring() is called.
   */
  constructor(
    private readonly source: TextSource,
    readonly file: string,
    private readonly apply: (spec: TransactionSpec) => void,
    private readonly refused: (message: string) => void,
    later: Later = atOnce,
  ) {
    this.end = source.onEdit(file, (changes) => {
      this.waiting = this.waiting?.compose(changes) ?? changes;
      later(this.bring);
    });
  }

  /** Brings what waits into the editor. */
  readonly bring = (): void => {
    const changes = this.pull();
    if (changes !== undefined) this.apply(incoming(changes));
  };

  /** Takes what waits: the caller brings it into the editor before anything else. */
  pull(): ChangeSet | undefined {
    const changes = this.waiting;
    this.waiting = undefined;
    return changes;
  }

  /** Where a position of the editor is in the client's text. */
  inClient(position: number): number {
    return this.waiting?.mapPos(position, -1) ?? position;
  }

  /**
   * The longest beginning of these transactions that the room takes; of the rest the user is told. The caller applies
   * what it gets back, and then calls sent() with it.
   */
  take(transactions: readonly Transaction[]): readonly Transaction[] {
    // Each is judged against the text before it. More than one own change in a row is rare, and then the client's text
    // is still that of before the first: only the first can be asked about, and the others are checked when sent.
    const first = transactions.findIndex(isOwn);
    const tr = transactions[first];
    if (tr === undefined) return transactions;
    const answer = this.source.canEdit(this.file, this.over(tr.changes));
    if (answer.ok) return transactions;
    this.refused(answer.message);
    return transactions.slice(0, first);
  }

  /** Hands applied transactions to the client. When it takes one of them not, the editor goes back to the client's text. */
  sent(transactions: readonly Transaction[], now: () => EditorState): void {
    for (const tr of transactions) {
      if (!isOwn(tr)) continue;
      const changes = this.over(tr.changes);
      if (this.waiting !== undefined) {
        this.waiting = this.waiting.map(tr.changes);
        this.crossed = true;
      }
      try {
        this.source.edit(this.file, changes);
      } catch (error) {
        this.refused(error instanceof Error ? error.message : String(error));
        this.waiting = undefined;
        this.reset(now());
        return;
      }
    }
    if (this.crossed && this.waiting === undefined) {
      // Both orders give the same text, or the algebra is wrong: then the client is right.
      this.crossed = false;
      this.reset(now());
    }
  }

  /** Makes the editor's text the client's, where they should ever differ. */
  reset(state: EditorState): void {
    const text = this.source.text(this.file);
    if (state.doc.eq(text)) return;
    const changes = state.changes({ from: 0, to: state.doc.length, insert: text });
    this.apply(incoming(changes));
  }

  /** Ends the tie. */
  close(): void {
    this.end();
  }

  /** An own change as the client's text takes it: at the same place it comes before what waits, which the user has not seen. */
  private over(changes: ChangeSet): ChangeSet {
    return this.waiting === undefined ? changes : changes.map(this.waiting, true);
  }
}
