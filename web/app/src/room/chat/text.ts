import type { ClientFile } from "@codecollab/client";
import { fileNamed } from "../problems/problems";

/** A piece of a line. A link goes to the web, a place to a line of a file of the room. */
export type Span =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string }
  | { readonly kind: "place"; readonly text: string; readonly file: string; readonly line: number; readonly column: number };

/** A part of a message: lines of text, or a block of code. */
export type Block =
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "text"; readonly spans: readonly Span[] };

type Files = readonly Pick<ClientFile, "id" | "name">[];

const fence = /^ {0,3}```[ \t]*[\w+#.-]*[ \t]*$/;

/** What a message is made of. All of it stays text: whatever is not one of the few forms that are known is shown as it is. */
export function blocksOf(message: string, files: Files): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let code = false;
  const end = (): void => {
    const text = lines.join("\n");
    if (code) blocks.push({ kind: "code", text });
    else if (text.trim() !== "") blocks.push({ kind: "text", spans: spansOf(text.replace(/^\n+|\s+$/g, ""), files) });
    lines = [];
  };
  for (const line of message.split("\n")) {
    // With a word behind it, a fence only begins a block.
    if (!fence.test(line) || (code && !/^\s*```\s*$/.test(line))) {
      lines.push(line);
      continue;
    }
    end();
    code = !code;
  }
  if (!code || lines.length > 0) end();
  return blocks;
}

/** Code in back quotes, an address, or what ends a place: a colon, the line, perhaps the column. */
const form = /(?<!`)(`{1,3})([^`\n]+)\1(?!`)|\bhttps?:\/\/[^\s<>"'`]+|:(\d{1,7})(?::(\d{1,5}))?(?![\w:])/g;

/** The pieces of a text without blocks: code, addresses, and places in files of the room. */
export function spansOf(text: string, files: Files): Span[] {
  const spans: Span[] = [];
  let done = 0;
  const push = (from: number, to: number, span: Span): void => {
    if (from > done) spans.push({ kind: "text", text: text.slice(done, from) });
    spans.push(span);
    done = to;
  };
  for (const match of text.matchAll(form)) {
    const { index } = match;
    const [all, , code, line, column] = match;
    if (index < done) continue;
    if (code !== undefined) {
      const [only, ...others] = spansOf(code, files);
      const place = only?.kind === "place" && others.length === 0;
      push(index, index + all.length, place ? only : { kind: "code", text: code });
    } else if (line === undefined) {
      const address = trimmed(all);
      const href = webAddress(address);
      if (href !== undefined) push(index, index + address.length, { kind: "link", text: address, href });
    } else {
      const named = nameBefore(text.slice(done, index), files);
      if (named === undefined || Number(line) < 1) continue;
      const from = index - named.length;
      const to = index + all.length;
      push(from, to, { kind: "place", text: text.slice(from, to), file: named.file, line: Number(line), column: Number(column ?? 1) });
    }
  }
  if (done < text.length) spans.push({ kind: "text", text: text.slice(done) });
  return spans;
}

/** The file whose name a text ends with: its whole name, spaces included, or as much of its path as says which one it is. */
function nameBefore(text: string, files: Files): { readonly file: string; readonly length: number } | undefined {
  const whole = files.filter(({ name }) => text.endsWith(name) && !/[\w./-]$/.test(text.slice(0, -name.length)));
  const longest = whole.toSorted((a, b) => b.name.length - a.name.length)[0];
  if (longest !== undefined) return { file: longest.id, length: longest.name.length };
  const word = /[\p{L}\p{N}_./+-]+$/u.exec(text)?.[0] ?? "";
  const file = word === "" ? undefined : fileNamed(word, files);
  return file === undefined ? undefined : { file: file.id, length: word.length };
}

/** An address without what belongs to the sentence around it. */
function trimmed(address: string): string {
  let text = address;
  for (;;) {
    const last = text.at(-1) ?? "";
    const unmatched = last === ")" && text.split(")").length > text.split("(").length;
    if (!unmatched && !".,;:!?]}*_".includes(last)) return text;
    text = text.slice(0, -1);
  }
}

/** The address, if it is one of the web. */
export function webAddress(text: string): string | undefined {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : undefined;
  } catch {
    return undefined;
  }
}
