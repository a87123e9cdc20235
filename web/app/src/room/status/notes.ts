import { Store } from "../../lib/store";

/** A quiet line for the user. */
export type Note = {
  readonly id: number;
  readonly level: "info" | "error";
  readonly text: string;
  /** What can be done about it; doing so closes the line. */
  readonly offer?: Offer;
};

/** A button on a line. */
export type Offer = { readonly words: string; readonly take: () => void };

/** How long lines stay, in milliseconds. */
const times = { info: 4000, offer: 15_000, error: 12_000 };

/** Quiet lines at the edge of the page; they go by themselves, or when they are closed. */
export class Notes {
  readonly list = new Store<readonly Note[]>([]);
  private last = 0;

  info(text: string): void {
    this.add("info", text);
  }

  error(text: string): void {
    this.add("error", text);
  }

  /** Tells what was done, with a button that is worth reading it for. */
  offer(text: string, offer: Offer): void {
    this.add("info", text, offer);
  }

  /** Shows a line. The same line twice is shown once, for longer. */
  add(level: Note["level"], text: string, offer?: Offer): void {
    const note = { id: ++this.last, level, text, ...(offer === undefined ? {} : { offer }) };
    this.list.update((list) => [...list.filter((n) => n.text !== text).slice(-2), note]);
    setTimeout(() => this.close(note.id), times[offer === undefined ? level : "offer"]);
  }

  /** Takes a line away. */
  close(id: number): void {
    this.list.update((list) => (list.some((n) => n.id === id) ? list.filter((n) => n.id !== id) : list));
  }
}
