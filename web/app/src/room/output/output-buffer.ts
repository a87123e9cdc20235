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

/**
 * Turns the chunks of a run's output into blocks. It is told the whole of the chunks again and again, and looks only at
 * what is new: chunks that are the same objects as last time are not read again.
 */
export class OutputBuffer {
  private chunks: readonly Chunk[] = [];
  private blocks: Block[] = [];
  private parsers = new Map<string, AnsiParser>();
  private lastId = 0;
  private spans = 0;

  /** The blocks of these chunks. The same array as before when nothing has changed. */
  update(chunks: readonly Chunk[]): readonly Block[] {
    if (chunks === this.chunks) return this.blocks;
    const before = this.chunks;
    let same = 0;
    while (same < before.length && same < chunks.length && chunks[same] === before[same]) same++;
    if (same === before.length && same === chunks.length) return this.blocks;
    this.blocks = [...this.blocks];
    const old = before[same];
    const now = chunks[same];
    if (same === before.length - 1 && old !== undefined && now !== undefined && grown(old, now)) {
      // The last chunk has grown: only its end is new.
      this.append(now.stream, now.data.slice(old.data.length));
      same++;
    } else if (same < before.length) {
      // Something was cut away from the middle: what is left is read anew.
      this.cut(same);
    }
    for (const chunk of chunks.slice(same)) this.chunk(chunk);
    this.chunks = chunks;
    return this.blocks;
  }

  private chunk({ stream, data, omitted }: Chunk): void {
    if (omitted !== undefined && omitted > 0) {
      this.blocks.push({ kind: "gap", id: ++this.lastId, omitted });
      this.parsers.clear();
    }
    this.append(stream, data);
  }

  private cut(chunk: number): void {
    // It is read from the beginning: a colour or a line may have begun anywhere in it.
    this.blocks = [];
    this.parsers.clear();
    this.spans = 0;
    for (const c of this.chunks.slice(0, chunk)) this.chunk(c);
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
    const last = this.blocks.at(-1);
    if (last?.kind !== "text" || last.stream !== stream) return;
    const spans = [...last.spans];
    for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
      const at = span.text.lastIndexOf("\n");
      if (at < 0) continue;
      spans.push({ text: span.text.slice(0, at + 1), style: span.style });
      break;
    }
    this.blocks[this.blocks.length - 1] = { ...last, spans };
  }

  private text(stream: string, { text, style }: Span): void {
    const wanted = this.spans > mostSpans ? {} : style;
    let rest = text;
    while (rest !== "") {
      let last = this.blocks.at(-1);
      if (last?.kind !== "text" || last.stream !== stream || full(last)) {
        const first = last?.kind !== "text" || last.stream !== stream;
        last = { kind: "text", id: ++this.lastId, stream, first, spans: [] };
        this.blocks.push(last);
      }
      const room = Math.max(1, blockUnits - size(last));
      const part = rest.length <= room ? rest : rest.slice(0, wholeLines(rest, room));
      rest = rest.slice(part.length);
      const end = last.spans.at(-1);
      const spans =
        end !== undefined && sameStyle(end.style, wanted)
          ? [...last.spans.slice(0, -1), { text: end.text + part, style: end.style }]
          : [...last.spans, { text: part, style: wanted }];
      if (spans.length > last.spans.length) this.spans++;
      this.blocks[this.blocks.length - 1] = { ...last, spans };
    }
  }
}

/** The text of blocks, for the clipboard. */
export function textOf(blocks: readonly Block[], gap: (omitted: number) => string): string {
  return blocks.map((b) => (b.kind === "gap" ? `\n${gap(b.omitted)}\n` : b.spans.map((s) => s.text).join(""))).join("");
}

type TextBlock = Extract<Block, { kind: "text" }>;

function size(block: TextBlock): number {
  return block.spans.reduce((sum, span) => sum + span.text.length, 0);
}

/** A block ends with a line where it can, since the next one begins on a new line. */
function full(block: TextBlock): boolean {
  const units = size(block);
  const ended = block.spans.at(-1)?.text.endsWith("\n") ?? false;
  return (ended && (units >= blockUnits * 0.75 || block.spans.length >= blockSpans)) || units >= 4 * blockUnits || block.spans.length >= 4 * blockSpans;
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
