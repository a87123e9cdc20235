import type { wire } from "@codecollab/client";

/** What a reader finds: text of a stream, who types the line where the cursor is, or that something was left out. */
export type Step =
  | { readonly kind: "text"; readonly stream: string; readonly data: string }
  | { readonly kind: "typed"; readonly person: string }
  | { readonly kind: "gap"; readonly omitted: number };

type Chunk = wire.Chunk;

/**
 * Reads a run's output as it grows. It is told all of the chunks again and again and gives what is new; it knows how far
 * it has come by counting units from the beginning, so it does not matter how the chunks are cut, or that the middle of a
 * flood disappears while it reads.
 */
export class Reader {
  private at = 0;
  /** Units of marks that were read at this very place. */
  private marks = 0;

  /** What is new, at most about budget units of it; undefined when this is another output than before. */
  next(chunks: readonly Chunk[], budget = Number.POSITIVE_INFINITY): Step[] | undefined {
    const steps: Step[] = [];
    let left = budget;
    let place = 0;
    let marks = 0;
    for (const { stream, data, omitted = 0 } of chunks) {
      if (left <= 0) return steps;
      if (omitted > 0) {
        place += omitted;
        marks = 0;
        if (place > this.at) {
          steps.push({ kind: "gap", omitted: place - this.at });
          this.moveTo(place);
        }
      }
      if (stream === "typed") {
        marks += data.length;
        if (place !== this.at || marks <= this.marks) continue;
        this.marks = marks;
        const person = data.trimEnd().split("\n").at(-1) ?? "";
        if (person !== "") steps.push({ kind: "typed", person });
        continue;
      }
      const end = place + data.length;
      if (end > this.at) {
        const text = wholePart(data.slice(this.at - place), left);
        left -= text.length;
        steps.push({ kind: "text", stream, data: text });
        this.moveTo(this.at + text.length);
      }
      if (data.length > 0) marks = 0;
      place = end;
    }
    return place < this.at ? undefined : steps;
  }

  private moveTo(place: number): void {
    this.at = place;
    this.marks = 0;
  }
}

/** The beginning of a text, at most so many units, not cut inside a character. */
function wholePart(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = /[\uD800-\uDBFF]/.test(text[most - 1] ?? "") ? most + 1 : most;
  return text.slice(0, cut);
}

/**
 * Chunks of at most so many lines: what is in the middle is left out, so that a terminal that remembers no more than
 * these shows the beginning and the end.
 */
export function condense(chunks: readonly Chunk[], most: number): readonly Chunk[] {
  const all = chunks.reduce((n, { data, stream }) => n + (stream === "typed" ? 0 : feeds(data)), 0);
  if (all <= most) return chunks;
  const head = Math.floor(most / 4);
  const tailFrom = all - (most - head);
  const out: Chunk[] = [];
  let line = 0;
  let omitted = 0;
  for (const chunk of chunks) {
    omitted += chunk.omitted ?? 0;
    if (chunk.stream === "typed") {
      if (line < head || line >= tailFrom) out.push({ stream: chunk.stream, data: chunk.data });
      continue;
    }
    const lines = feeds(chunk.data);
    const first = line < head ? afterFeeds(chunk.data, head - line) : 0;
    const last = line + lines <= tailFrom ? chunk.data.length : line >= tailFrom ? 0 : afterFeeds(chunk.data, tailFrom - line);
    if (first > 0) {
      out.push({ stream: chunk.stream, data: chunk.data.slice(0, first), ...(omitted > 0 ? { omitted } : {}) });
      omitted = 0;
    }
    omitted += Math.max(0, last - first);
    const rest = chunk.data.slice(Math.max(first, last));
    if (rest !== "") {
      out.push({ stream: chunk.stream, data: rest, ...(omitted > 0 ? { omitted } : {}) });
      omitted = 0;
    }
    line += lines;
  }
  return out;
}

function feeds(text: string): number {
  let n = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) n++;
  return n;
}

/** The place after so many line feeds. */
function afterFeeds(text: string, count: number): number {
  let at = 0;
  for (let n = 0; n < count; n++) {
    const next = text.indexOf("\n", at);
    if (next < 0) return text.length;
    at = next + 1;
  }
  return at;
}
