import type { wire } from "@codecollab/client";
import { AnsiParser, type Style } from "./ansi";

/** Text in one style. */
export type Span = { readonly text: string; readonly style: Style };

/** A piece of output that is drawn as one element. A block is immutable: when it grows, another one takes its place. */
export type Block =
  | { readonly kind: "text"; readonly id: number; readonly stream: string; readonly first: boolean; readonly spans: readonly Span[] }
  | { readonly kind: "gap"; readonly id: number; readonly omitted: number };

/** A block is full at so many characters, or so many spans. */
const blockUnits = 8 * 1024;
const blockSpans = 200;
/** Beyond so many spans in all, colours are left out, so that the page stays quick. */
const mostSpans = 20_000;

type Chunk = wire.Chunk;

/** Where a chunk begins among the blocks. */
type Mark = { readonly blocks: number; readonly units: number };

type TextBlock = Extract<Block, { kind: "text" }>;

/** A block that still grows, and is not shown yet. */
type Growing = { readonly id: number; readonly stream: string; readonly first: boolean; spans: Span[]; units: number };

/**
 * Turns the chunks of a run's output into blocks. It is told the whole of the chunks again and again, and looks only at
 * what is new: chunks that are the same objects as last time are not read again.
 */
export class OutputBuffer {
  private chunks: readonly Chunk[] = [];
  private marks: Mark[] = [];
  private blocks: Block[] = [];
  private growing: Growing | undefined;
  private parsers = new Map<string, AnsiParser>();
  private lastId = 0;
  private spans = 0;

  /** The blocks of these chunks. The same array as before when nothing has changed. */
  update(chunks: readonly Chunk[]): readonly Block[] {
    const before = this.chunks;
    let same = 0;
    while (same < before.length && same < chunks.length && chunks[same] === before[same]) same++;
    if (same === before.length && same === chunks.length) return this.blocks;
    this.chunks = chunks;
    this.blocks = [...this.blocks];
    this.reopen();
    const old = before[same];
    const now = chunks[same];
    if (same === before.length - 1 && old !== undefined && now !== undefined && grown(old, now)) {
      // The last chunk has grown: only its end is new.
      this.append(now.stream, now.data.slice(old.data.length));
      same++;
    } else if (same < before.length) {
      // Something was cut away from the middle: what follows it is read anew.
      this.cut(same);
    }
    for (const chunk of chunks.slice(same)) this.chunk(chunk);
    this.settle();
    return this.blocks;
  }

  private chunk({ stream, data, omitted }: Chunk): void {
    const units = this.growing?.units ?? 0;
    this.marks.push({ blocks: this.blocks.length, units });
    if (omitted !== undefined && omitted > 0) {
      this.settle();
      this.blocks.push({ kind: "gap", id: ++this.lastId, omitted });
      this.parsers.clear();
    }
    this.append(stream, data);
  }

  /** Forgets everything from a chunk on. */
  private cut(chunk: number): void {
    const mark = this.marks[chunk] ?? { blocks: 0, units: 0 };
    this.settle();
    const open = mark.units > 0 ? this.blocks[mark.blocks] : undefined;
    this.blocks.length = Math.min(this.blocks.length, mark.blocks);
    if (open?.kind === "text") this.blocks.push({ ...open, id: ++this.lastId, spans: beginning(open.spans, mark.units) });
    this.marks.length = chunk;
    this.parsers.clear();
    this.spans = this.blocks.reduce((sum, block) => sum + (block.kind === "text" ? block.spans.length : 0), 0);
    this.reopen();
  }

  /** The last block is to grow: a copy of it, since what was shown does not change. */
  private reopen(): void {
    const last = this.blocks.at(-1);
    if (this.growing !== undefined || last?.kind !== "text") return;
    this.blocks.pop();
    this.growing = { ...last, spans: [...last.spans], units: size(last) };
  }

  /** The block that grows is put among the others. */
  private settle(): void {
    const { growing } = this;
    if (growing === undefined) return;
    this.growing = undefined;
    const { id, stream, first, spans } = growing;
    this.blocks.push({ kind: "text", id, stream, first, spans });
  }

  private append(stream: string, data: string): void {
    if (data === "") return;
    let parser = this.parsers.get(stream);
    if (parser === undefined) this.parsers.set(stream, (parser = new AnsiParser()));
    for (const piece of parser.push(data)) {
      if (piece === "return") this.beginLine(stream);
      else this.text(stream, piece);
    }
  }

  /** A carriage return: what the line has so far is overwritten. */
  private beginLine(stream: string): void {
    const { growing } = this;
    if (growing?.stream !== stream) return;
    const { spans } = growing;
    for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
      const keep = span.text.lastIndexOf("\n") + 1;
      growing.units -= span.text.length - keep;
      if (keep === 0) continue;
      spans.push({ text: span.text.slice(0, keep), style: span.style });
      break;
    }
  }

  private text(stream: string, { text, style }: Span): void {
    const wanted = this.spans > mostSpans ? {} : style;
    let rest = text;
    while (rest !== "") {
      const block = this.room(stream);
      const left = Math.max(1, blockUnits - block.units);
      const part = rest.length <= left ? rest : rest.slice(0, wholeLines(rest, left));
      rest = rest.slice(part.length);
      block.units += part.length;
      const end = block.spans.at(-1);
      if (end !== undefined && sameStyle(end.style, wanted)) {
        block.spans[block.spans.length - 1] = { text: end.text + part, style: end.style };
      } else {
        block.spans.push({ text: part, style: wanted });
        this.spans++;
      }
    }
  }

  /** A block of this stream that has room. */
  private room(stream: string): Growing {
    const { growing } = this;
    if (growing?.stream === stream && !full(growing)) return growing;
    const first = growing?.stream !== stream;
    this.settle();
    return (this.growing = { id: ++this.lastId, stream, first, spans: [], units: 0 });
  }
}

/** The text of blocks, for the clipboard. */
export function textOf(blocks: readonly Block[], gap: (omitted: number) => string): string {
  return blocks.map((b) => (b.kind === "gap" ? `\n${gap(b.omitted)}\n` : b.spans.map((s) => s.text).join(""))).join("");
}

/** The first so many characters. */
function beginning(spans: readonly Span[], units: number): Span[] {
  const out: Span[] = [];
  let left = units;
  for (const { text, style } of spans) {
    if (left <= 0) break;
    out.push({ text: text.slice(0, left), style });
    left -= text.length;
  }
  return out;
}

function size(block: TextBlock): number {
  return block.spans.reduce((sum, span) => sum + span.text.length, 0);
}

/** A block ends with a line where it can, since the next one begins on a new line. */
function full({ spans, units }: Growing): boolean {
  const ended = spans.at(-1)?.text.endsWith("\n") ?? false;
  return (
    (ended && (units >= blockUnits * 0.75 || spans.length >= blockSpans)) || units >= 4 * blockUnits || spans.length >= 4 * blockSpans
  );
}

/** How much of a text to take: up to the line end after so many characters, or, when the line is endless, four times as much. */
function wholeLines(text: string, units: number): number {
  const end = text.indexOf("\n", units - 1);
  const most = 4 * blockUnits;
  if (end >= 0 && end < most) return end + 1;
  const cut = Math.min(text.length, most);
  const code = text.charCodeAt(cut - 1);
  return code >= 0xd800 && code <= 0xdbff && cut > 1 ? cut - 1 : cut;
}

function grown(old: Chunk, now: Chunk): boolean {
  return old.stream === now.stream && old.omitted === now.omitted && now.data.startsWith(old.data);
}

function sameStyle(a: Style, b: Style): boolean {
  if (a === b) return true;
  const keys = Object.keys(a) as (keyof Style)[];
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
