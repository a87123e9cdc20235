import { compile, expand, find, type Query } from "./query";

/** What is shown at most, and replaced at most at once: more helps nobody, and would fill the page. */
export const limits = { all: 2000, perFile: 500, before: 60, line: 240, replace: 20_000 };

/** One match as it is shown: a part of its line, with the match at from to to. */
export type Hit = {
  /** Where it begins and ends in the text. */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  readonly preview: string;
  readonly from: number;
  readonly to: number;
};

/** The matches of a file. */
export type FileHits = { readonly file: string; readonly hits: readonly Hit[] };

/** What a search has found. More is set where there is more than is shown. */
export type Results = { readonly files: readonly FileHits[]; readonly count: number; readonly more: boolean };

/** A change that replaces a match. */
export type Replacement = { readonly from: number; readonly to: number; readonly insert: string };

/** What the page says to the engine. The texts come first, and again whenever they change. */
export type Request =
  | { readonly kind: "text"; readonly file: string; readonly text: string }
  | { readonly kind: "gone"; readonly file: string }
  | { readonly kind: "search"; readonly id: number; readonly query: Query; readonly order: readonly string[] }
  | { readonly kind: "replace"; readonly id: number; readonly query: Query; readonly by: string; readonly order: readonly string[] };

/** What the engine answers. */
export type Answer =
  | { readonly kind: "found"; readonly id: number; readonly results: Results }
  | { readonly kind: "bad"; readonly id: number; readonly why: string }
  | { readonly kind: "replacements"; readonly id: number; readonly files: readonly { readonly file: string; readonly changes: readonly Replacement[] }[] }
  | { readonly kind: "too_many"; readonly id: number };

/** Searches texts that it is given. What it has found in a text is kept until the text or the query is another one. */
export class Engine {
  private readonly texts = new Map<string, string>();
  private readonly known = new Map<string, readonly Hit[]>();
  private query = "";

  /** Takes a request; those that want an answer get one. */
  take(request: Request): Answer | undefined {
    switch (request.kind) {
      case "text":
        this.texts.set(request.file, request.text);
        this.known.delete(request.file);
        return undefined;
      case "gone":
        this.texts.delete(request.file);
        this.known.delete(request.file);
        return undefined;
      case "search":
        return this.search(request);
      case "replace":
        return this.replace(request);
    }
  }

  private search({ id, query, order }: Extract<Request, { kind: "search" }>): Answer {
    const compiled = compile(query);
    if (!compiled.ok) return { kind: "bad", id, why: compiled.why };
    const key = JSON.stringify(query);
    if (key !== this.query) this.known.clear();
    this.query = key;
    const files: FileHits[] = [];
    let count = 0;
    let more = false;
    for (const file of query.text === "" ? [] : order) {
      const text = this.texts.get(file);
      if (text === undefined) continue;
      if (count >= limits.all) {
        more = true;
        break;
      }
      // One more than is shown tells that there is more.
      const hits = this.known.get(file) ?? hitsIn(text, find(text, compiled), limits.perFile + 1);
      this.known.set(file, hits);
      const shown = hits.slice(0, Math.min(limits.perFile, limits.all - count));
      if (shown.length < hits.length) more = true;
      count += shown.length;
      if (shown.length > 0) files.push({ file, hits: shown });
    }
    return { kind: "found", id, results: { files, count, more } };
  }

  private replace({ id, query, by, order }: Extract<Request, { kind: "replace" }>): Answer {
    const compiled = compile(query);
    if (!compiled.ok) return { kind: "bad", id, why: compiled.why };
    let count = 0;
    const files: { file: string; changes: Replacement[] }[] = [];
    for (const file of query.text === "" ? [] : order) {
      const changes: Replacement[] = [];
      for (const { from, to, match } of find(this.texts.get(file) ?? "", compiled)) {
        if (++count > limits.replace) return { kind: "too_many", id };
        changes.push({ from, to, insert: expand(by, match, query.regexp) });
      }
      if (changes.length > 0) files.push({ file, changes });
    }
    return { kind: "replacements", id, files };
  }
}

function hitsIn(text: string, found: Iterable<{ readonly from: number; readonly to: number }>, most: number): readonly Hit[] {
  const hits: Hit[] = [];
  let line = 1;
  let lineStart = 0;
  for (const { from, to } of found) {
    for (let next = text.indexOf("\n", lineStart); next >= 0 && next < from; next = text.indexOf("\n", lineStart)) {
      line++;
      lineStart = next + 1;
    }
    hits.push(hit(text, from, to, line, lineStart));
    if (hits.length >= most) break;
  }
  return hits;
}

/** The part of the line around a match that fits, without the indentation before it. */
function hit(text: string, start: number, end: number, line: number, lineStart: number): Hit {
  const next = text.indexOf("\n", start);
  const lineEnd = next < 0 ? text.length : next;
  let first = whole(text, Math.max(lineStart, start - limits.before));
  while (first < start && /\s/.test(text[first] ?? "")) first++;
  const last = whole(text, Math.min(lineEnd, first + limits.line));
  return { start, end, line, preview: text.slice(first, last), from: start - first, to: Math.min(end, last) - first };
}

/** The place, or the one before it where it is between the two units of one character. */
function whole(text: string, at: number): number {
  return /[\uDC00-\uDFFF]/.test(text[at] ?? "") && /[\uD800-\uDBFF]/.test(text[at - 1] ?? "") ? at - 1 : at;
}
