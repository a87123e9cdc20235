import { recall, remember } from "../../lib/storage";
import { Store } from "../../lib/store";

type File = { readonly id: string };

/** So many files have tabs without anybody having asked for them: those of a first visit, and those that others add. */
const unasked = 8;

/** The files that have tabs, in the order of the tabs; remembered for each room in this browser. */
export class OpenFiles {
  readonly list = new Store<readonly string[]>([]);
  /** The room's files as last seen; undefined until there were any. */
  private known: readonly string[] | undefined;

  /** shown is the file that is seen: it always has a tab. */
  constructor(
    private readonly room: string,
    private readonly shown: Store<string | undefined>,
  ) {
    shown.subscribe(() => this.showing(shown.get()));
  }

  /** Follows the room's files. */
  see(files: readonly File[]): void {
    const ids = files.map(({ id }) => id);
    const { known } = this;
    if (known === undefined) {
      if (ids.length > 0) this.begin(ids);
      return;
    }
    this.known = ids;
    const open = this.list.get();
    const left = open.filter((id) => ids.includes(id));
    const added = ids.filter((id) => !known.includes(id) && !left.includes(id));
    this.set([...left, ...added.slice(0, Math.max(0, unasked - left.length))]);
    const shown = this.shown.get();
    if (shown !== undefined && !ids.includes(shown)) this.shown.set(besides(open, shown, left));
    else if (shown === undefined && known.length === 0) this.shown.set(ids[0]);
  }

  /** Closes a tab; the file stays in the room. */
  close(id: string): void {
    const open = this.list.get();
    const left = open.filter((other) => other !== id);
    this.set(left);
    if (this.shown.get() === id) this.shown.set(besides(open, id, left));
  }

  /** Closes all tabs but one. */
  closeOthers(id: string): void {
    this.shown.set(id);
    this.set([id]);
  }

  /** Puts a tab where another one is. */
  move(id: string, to: string): void {
    const open = this.list.get();
    const left = open.filter((other) => other !== id);
    const at = open.indexOf(to);
    if (id !== to && at >= 0 && left.length < open.length) this.set(left.toSpliced(at, 0, id));
  }

  /** Shows the tab so many tabs away; from the last one to the first. */
  step(by: 1 | -1): void {
    const open = this.list.get();
    const at = open.indexOf(this.shown.get() ?? "");
    const next = open[(at + by + open.length) % open.length];
    if (next !== undefined) this.shown.set(next);
  }

  private begin(ids: readonly string[]): void {
    const { open, shown } = readStored(recall(this.key));
    const kept = open?.filter((id) => ids.includes(id)) ?? ids.slice(0, unasked);
    this.known = ids;
    this.list.set(kept);
    this.shown.set(shown !== undefined && ids.includes(shown) ? shown : (kept[0] ?? ids[0]));
    this.keep();
  }

  private showing(id: string | undefined): void {
    if (this.known === undefined) return;
    const open = this.list.get();
    if (id !== undefined && !open.includes(id)) this.list.set([...open, id]);
    this.keep();
  }

  private set(next: readonly string[]): void {
    const before = this.list.get();
    if (next.length === before.length && next.every((id, i) => id === before[i])) return;
    this.list.set(next);
    this.keep();
  }

  private keep(): void {
    remember(this.key, JSON.stringify({ open: this.list.get(), shown: this.shown.get() }));
  }

  private get key(): string {
    return `tabs:${this.room}`;
  }
}

/** The tab that is seen when one is closed: the next one, else the one before. */
function besides(open: readonly string[], gone: string, left: readonly string[]): string | undefined {
  const at = open.indexOf(gone);
  const after = open.slice(at + 1).find((id) => left.includes(id));
  return after ?? open.slice(0, Math.max(0, at)).findLast((id) => left.includes(id));
}

function readStored(stored: string | undefined): { open?: readonly string[]; shown?: string } {
  try {
    const { open, shown } = JSON.parse(stored ?? "{}") as Record<string, unknown>;
    return {
      ...(Array.isArray(open) ? { open: open.filter((id) => typeof id === "string") } : {}),
      ...(typeof shown === "string" ? { shown } : {}),
    };
  } catch {
    return {};
  }
}
