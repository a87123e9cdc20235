import type { IMarker, Terminal } from "@xterm/xterm";
import { initials } from "../../../lib/identity";

/** Whom a line is marked with. */
export type Typist = { readonly name: string; readonly color: number };

type Line = { readonly marker: IMarker; readonly person: string };
type Region = { readonly stream: string; readonly from: IMarker; to: IMarker };

/** More lines, and regions, than these are not marked: the oldest lose their marks. */
const most = 500;

const streamNames: Record<string, string> = { stderr: "err", compile: "cc" };

/**
 * What is known of a terminal's lines besides their text: who typed them, and which are of standard error or of a
 * compiler. It is drawn beside and over the terminal's rows, in elements of its own.
 */
export class Marks {
  private lines: Line[] = [];
  private regions: Region[] = [];
  private drawn = "";

  constructor(
    private readonly terminal: Terminal,
    private readonly layer: HTMLElement,
    private readonly typist: (person: string) => Typist,
  ) {}

  /** The line of the cursor is typed by a person. */
  typed(person: string): void {
    const marker = this.terminal.registerMarker(0);
    const { line } = marker;
    for (const old of this.lines.filter((l) => l.marker.line === line)) old.marker.dispose();
    this.lines = [...this.lines.filter((l) => !l.marker.isDisposed).slice(1 - most), { marker, person }];
  }

  /** Text of a stream begins where the cursor is; the answer says where it ends. */
  begin(stream: string): () => void {
    if (streamNames[stream] === undefined) return () => {};
    const from = this.terminal.registerMarker(0);
    return () => {
      // Only whole lines are marked: a line that has been begun may be a prompt (Python asks on standard error).
      const to = this.terminal.registerMarker(-1);
      const last = this.regions.at(-1);
      if (from.isDisposed ? to.line < 0 : to.line < from.line) {
        from.dispose();
        to.dispose();
      } else if (last?.stream === stream && !from.isDisposed && last.to.line >= from.line - 1) {
        from.dispose();
        last.to.dispose();
        last.to = to;
      } else {
        this.regions = [...this.regions.filter((r) => !r.to.isDisposed).slice(1 - most), { stream, from, to }];
      }
    };
  }

  /** Forgets everything. */
  clear(): void {
    for (const { marker } of this.lines) marker.dispose();
    for (const { from, to } of this.regions) {
      from.dispose();
      to.dispose();
    }
    this.lines = [];
    this.regions = [];
  }

  /** Who typed the lines, by line. */
  typists(): Map<number, Typist> {
    return new Map(this.lines.filter((l) => !l.marker.isDisposed).map((l) => [l.marker.line, this.typist(l.person)]));
  }

  /** Draws what belongs to the rows that are in view. */
  draw(cell: { readonly width: number; readonly height: number }): void {
    const { rows, cols } = this.terminal;
    const { viewportY, type } = this.terminal.buffer.active;
    const parts: Part[] = [];
    if (type === "normal") {
      for (const { stream, from, to } of this.regions) {
        if (to.isDisposed) continue;
        const first = from.isDisposed ? 0 : from.line;
        const top = Math.max(first, viewportY) - viewportY;
        const bottom = Math.min(to.line, viewportY + rows - 1) - viewportY;
        if (bottom >= top && to.line >= first) parts.push({ kind: "stream", stream, top, count: bottom - top + 1, label: first >= viewportY });
      }
      for (const [line, typist] of this.typists()) {
        const row = line - viewportY;
        if (row < 0 || row >= rows) continue;
        const text = this.terminal.buffer.active.getLine(line)?.translateToString(true) ?? "";
        const cursor = this.terminal.buffer.active.baseY + this.terminal.buffer.active.cursorY === line ? this.terminal.buffer.active.cursorX : 0;
        const column = Math.max(widthOf(text), cursor) + 2;
        parts.push({ kind: "typed", typist, row, column: column + typist.name.length + 2 > cols ? -1 : column });
      }
    }
    const now = JSON.stringify([parts, cell]);
    if (now === this.drawn) return;
    this.drawn = now;
    this.layer.replaceChildren(...parts.flatMap((part) => elements(part, cell)));
  }
}

type Part =
  | { readonly kind: "stream"; readonly stream: string; readonly top: number; readonly count: number; readonly label: boolean }
  | { readonly kind: "typed"; readonly typist: Typist; readonly row: number; readonly column: number };

function elements(part: Part, { width, height }: { readonly width: number; readonly height: number }): HTMLElement[] {
  if (part.kind === "stream") {
    const tint = box(`stream-tint ${part.stream}`, part.top * height, part.count * height);
    if (part.label) {
      const label = box("stream-label", 0, height);
      label.textContent = streamNames[part.stream] ?? "";
      tint.append(label);
    }
    return [tint];
  }
  const { typist, row, column } = part;
  const face = box(`typist-face p${typist.color}`, row * height, height);
  face.textContent = initials(typist.name);
  if (column < 0) return [face];
  const name = box(`typist-name p${typist.color}`, row * height, height);
  name.style.left = `${column * width}px`;
  name.textContent = typist.name;
  return [face, name];
}

function box(className: string, top: number, height: number): HTMLElement {
  const element = document.createElement("div");
  element.className = className;
  element.style.top = `${top}px`;
  element.style.height = `${height}px`;
  return element;
}

/** About how many cells a text takes; only for placing what follows it. */
function widthOf(text: string): number {
  let n = 0;
  for (const c of text) n += (c.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
  return n;
}
