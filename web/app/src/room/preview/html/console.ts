import { Store } from "../../../lib/store";
import type { FrameSays } from "./prelude";

/** A line that a previewed page has written. */
export type Line = { readonly id: number; readonly level: "log" | "info" | "warn" | "error"; readonly text: string; readonly times: number };

/** So many lines are kept, the newest, each of so many characters. */
const most = 300;
const longest = 8000;
/** Lines reach the page this often, in milliseconds, however fast they come. */
const pause = 100;

/** The console of a preview: bounded, whatever a page does. */
export class Console {
  readonly lines = new Store<readonly Line[]>([]);
  /** How many lines were left out before those. */
  readonly omitted = new Store(0);
  private waiting: Line[] = [];
  private gone = 0;
  private lastId = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Adds a line. */
  add(level: string, text: string): void {
    const cut = text.slice(0, longest);
    const last = this.waiting.at(-1);
    if (last?.text === cut && last.level === levelOf(level)) this.waiting[this.waiting.length - 1] = { ...last, times: last.times + 1 };
    else this.waiting.push({ id: ++this.lastId, level: levelOf(level), text: cut, times: 1 });
    if (this.waiting.length > most) {
      this.waiting.shift();
      this.gone++;
    }
    this.timer ??= setTimeout(() => this.flush(), pause);
  }

  /** Forgets all lines. */
  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting = [];
    this.gone = 0;
    this.lines.set([]);
    this.omitted.set(0);
  }

  private flush(): void {
    this.timer = undefined;
    const all = [...this.lines.get(), ...this.waiting];
    const over = Math.max(0, all.length - most);
    this.lines.set(all.slice(over));
    this.omitted.update((n) => n + over + this.gone);
    this.waiting = [];
    this.gone = 0;
  }
}

function levelOf(level: string): Line["level"] {
  return level === "error" || level === "warn" || level === "info" ? level : "log";
}

/** Reads what a frame has said; undefined when it is nothing that is understood. */
export function readFrame(data: unknown): FrameSays | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { preview, level, text, top, name } = data as Record<string, unknown>;
  if (preview === "line" && typeof level === "string" && typeof text === "string") return { preview, level, text };
  if (preview === "alive") return { preview };
  if (preview === "scroll" && typeof top === "number" && Number.isFinite(top)) return { preview, top };
  if (preview === "open" && typeof name === "string") return { preview, name };
  return undefined;
}
