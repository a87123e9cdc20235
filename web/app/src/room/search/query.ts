/** What is looked for. */
export type Query = { readonly text: string; readonly matchCase: boolean; readonly wholeWord: boolean; readonly regexp: boolean };

/** Nothing is looked for. */
export const noQuery: Query = { text: "", matchCase: false, wholeWord: false, regexp: false };

/** A query ready to be used, or what is wrong with it, in the engine's words. */
export type Compiled = { readonly ok: true; readonly expression: RegExp; readonly wholeWord: boolean } | { readonly ok: false; readonly why: string };

/** Makes a query ready. Lines are lines of the text; characters of two units are one. */
export function compile({ text, matchCase, wholeWord, regexp }: Query): Compiled {
  const source = regexp ? text : text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  try {
    return { ok: true, expression: new RegExp(source, `gmu${matchCase ? "" : "i"}`), wholeWord };
  } catch (error) {
    return { ok: false, why: problemOf(error, source) };
  }
}

/** The reason in an engine's message, without the expression that it repeats. */
function problemOf(error: unknown, source: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const reason = message.slice(message.lastIndexOf(": ") + 2);
  return reason === "" || reason.includes(source) ? message : reason;
}

/** A match: where it is, and what of it a replacement may speak of. */
export type Found = { readonly from: number; readonly to: number; readonly match: RegExpExecArray };

/** The matches in a text, in order; those without any characters do not count. */
export function* find(text: string, { expression, wholeWord }: Extract<Compiled, { ok: true }>): Generator<Found> {
  expression.lastIndex = 0;
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    const from = match.index;
    const to = from + match[0].length;
    if (to === from) {
      // The engine itself steps over a whole character, but only when it is told to.
      expression.lastIndex = to + ((text.codePointAt(to) ?? 0) > 0xffff ? 2 : 1);
      continue;
    }
    if (!wholeWord || (!splits(text, from) && !splits(text, to))) yield { from, to, match };
  }
}

/** Whether a place is inside of a word. */
function splits(text: string, at: number): boolean {
  return at > 0 && at < text.length && isWord(lastCharacter(text, at)) && isWord(String.fromCodePoint(text.codePointAt(at) ?? 0));
}

function lastCharacter(text: string, at: number): string {
  const low = /[\uDC00-\uDFFF]/.test(text[at - 1] ?? "");
  return text.slice(at - (low ? 2 : 1), at);
}

function isWord(character: string): boolean {
  return /^[\p{L}\p{N}\p{M}_]$/u.test(character);
}

/**
 * What a match is replaced by. With a regular expression, $1 to $99, $<name>, $& and $$ mean what they mean in JavaScript,
 * and \n and \t a new line and a tab; else the replacement is taken as it is.
 */
export function expand(replacement: string, match: RegExpExecArray, regexp: boolean): string {
  if (!regexp) return replacement;
  return replacement.replace(/\\([nt\\])|\$(?:([$&])|(\d{1,2})|<([^>]*)>)/g, (whole, escape?: string, sign?: string, digits?: string, name?: string) => {
    if (escape !== undefined) return escape === "n" ? "\n" : escape === "t" ? "\t" : "\\";
    if (sign !== undefined) return sign === "$" ? "$" : match[0];
    if (digits !== undefined) return group(match, digits) ?? whole;
    return match.groups === undefined || name === undefined ? whole : (match.groups[name] ?? "");
  });
}

/** The group of a number; of two digits that are none, the first alone. */
function group(match: RegExpExecArray, digits: string): string | undefined {
  const n = Number(digits);
  if (n > 0 && n < match.length) return match[n] ?? "";
  const first = Number(digits[0]);
  return digits.length === 2 && first > 0 && first < match.length ? (match[first] ?? "") + digits.slice(1) : undefined;
}
