import { plainLines, type Patterns, type Place } from "./patterns";

/** Something wrong at a place in a file of the room. */
export type Problem = {
  /** The file's id. */
  readonly file: string;
  readonly name: string;
  readonly line: number;
  readonly column?: number;
  readonly message: string;
  readonly warning: boolean;
};

type File = { readonly id: string; readonly name: string };
type Line = { readonly text: string; readonly place: Place | undefined };

/** More are not of use to anybody, and lines beyond these are not looked at. */
const most = { problems: 50, lines: 5000 };

/** How far from a place the words that belong to it may be. */
const reach = 25;

/** Lines of a stack: what they say besides the place is where in the program that is, not what is wrong. */
const frame = /^\s*(?:at|from)\s/;
const wordsOfTrouble = /error|exception|panic|fatal|abort|uncaught|traceback|fail/i;

/** The file of the room that a program calls by a name: with its path in the sandbox, or only the end of its path. */
export function fileNamed(printed: string, files: readonly File[]): File | undefined {
  const name = printed.replace(/^(?:file:\/\/)?(?:\/work\/|\.\/)*/, "");
  const exact = files.find((f) => f.name === name);
  if (exact !== undefined) return exact;
  const base = name.slice(name.lastIndexOf("/") + 1);
  const alike = files.filter((f) => f.name === base || f.name.endsWith(`/${base}`) || (name.includes("/") && name.endsWith(`/${f.name}`)));
  return alike.length === 1 && !printed.startsWith("/usr/") ? alike[0] : undefined;
}

/**
 * What went wrong in the room's files, by what was printed. A compiler says place and trouble in one line; a traceback names
 * many places and says the trouble once, above or below them: there the nearest place is meant.
 */
export function problemsIn(output: string, patterns: Patterns, files: readonly File[]): Problem[] {
  const lines: Line[] = plainLines(output).slice(0, most.lines).map((text) => ({ text, place: patterns.in(text) }));
  const found: Problem[] = [];
  const seen = new Set<string>();
  for (const [at, { text, place }] of lines.entries()) {
    if (place === undefined || found.length >= most.problems) continue;
    const file = fileNamed(place.file, files);
    if (file === undefined) continue;
    const message = place.message !== undefined && !frame.test(text) ? place.message : messageNear(lines, at);
    if (message === undefined) continue;
    const key = `${file.id}:${place.line}:${message}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const warning = /\bwarning\b/i.test(text) && !/\berror\b/i.test(text);
    const { line, column } = place;
    found.push({ file: file.id, name: file.name, line, message, warning, ...(column === undefined ? {} : { column }) });
  }
  return found;
}

/** The words that belong to a place without any; undefined when another place is nearer to them. */
function messageNear(lines: readonly Line[], at: number): string | undefined {
  const text = lines[at]?.text ?? "";
  const above = /^\s/.test(text) && !/^\s*File "/.test(text);
  return above ? messageAbove(lines, at) : messageBelow(lines, at);
}

function messageAbove(lines: readonly Line[], at: number): string | undefined {
  let first: string | undefined;
  for (let i = at - 1; i >= Math.max(0, at - reach); i--) {
    const { text, place } = lines[i] as Line;
    if (place !== undefined) return first;
    if (text.trim() === "" || /^\s/.test(text)) continue;
    if (wordsOfTrouble.test(text)) return clean(text);
    first ??= clean(text);
  }
  return first;
}

function messageBelow(lines: readonly Line[], at: number): string | undefined {
  for (let i = at + 1; i < Math.min(lines.length, at + reach); i++) {
    const { text, place } = lines[i] as Line;
    if (place !== undefined) return undefined;
    // Code with a mark below it is shown, not said.
    const shown = /^\s*[\^~]+\s*$/.test(lines[i + 1]?.text ?? "");
    if (text.trim() === "" || /^\s/.test(text) || /^[\^~]/.test(text) || shown) continue;
    return clean(text);
  }
  return undefined;
}

function clean(text: string): string {
  return text.trim().slice(0, 300);
}
