/** What of a terminal's language a program may speak: colours, movements, clearing, and switching screens. */
const movements = /^[@ABCDEFGHJKLMPSTXZ`abdefhlmrsu]$/;
/** Switches that only draw: cursor keys, wrapping, the cursor, the second screen. Those that make a terminal answer are none of them. */
const drawn = new Set(["1", "6", "7", "12", "25", "47", "1047", "1048", "1049", "2026"]);
const longest = 4096;
const repeatsMost = 1000;

/**
 * Makes what a program prints harmless for a terminal: nothing is answered (an answer would be typed into the program by everybody who
 * looks), nothing touches the clipboard, titles or links, no command is repeated a million times. Sequences may come in pieces.
 */
export class Sanitiser {
  private rest = "";

  /** The next piece, as far as it is whole. */
  push(piece: string): string {
    const text = this.rest + piece;
    this.rest = "";
    let out = "";
    let at = 0;
    for (;;) {
      const start = next(text, at);
      if (start < 0) return out + text.slice(at);
      out += text.slice(at, start);
      const end = endOf(text, start);
      if (end < 0) {
        // What never ends is no sequence.
        if (text.length - start < longest) this.rest = text.slice(start);
        return out;
      }
      out += allowed(text.slice(start, end));
      at = end;
    }
  }
}

/** Where the next sequence begins: ESC, or one of the controls of eight bits. */
function next(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x1b || (unit >= 0x80 && unit <= 0x9f) || unit === 0x05) return i;
  }
  return -1;
}

/** Where a sequence ends; -1 when the end has not come. */
function endOf(text: string, start: number): number {
  if (text.charCodeAt(start) !== 0x1b) return start + 1;
  const kind = text[start + 1];
  if (kind === undefined) return -1;
  if (kind === "[") {
    for (let i = start + 2; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x40 && unit <= 0x7e) return i + 1;
      if (unit < 0x20 || unit > 0x7e) return i;
    }
    return -1;
  }
  if ("]P_^X".includes(kind)) {
    for (let i = start + 2; i < text.length; i++) {
      if (text.charCodeAt(i) === 7) return i + 1;
      if (text.charCodeAt(i) === 0x1b) return text[i + 1] === "\\" ? i + 2 : text[i + 1] === undefined ? -1 : i;
    }
    return -1;
  }
  for (let i = start + 1; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit > 0x2f) return i + 1;
  }
  return -1;
}

function allowed(sequence: string): string {
  const rest = sequence.slice(1);
  if (!rest.startsWith("[")) return /^(?:[78DEHM=>]|[()][0AB])$/.test(rest) ? sequence : "";
  const match = /^\[(\??)([\d;:]*)([@-~])$/.exec(rest);
  if (match === null) return "";
  const [, mark, parameters = "", final = ""] = match;
  if (mark === "?") return "hl".includes(final) && parameters.split(";").every((p) => drawn.has(p)) ? sequence : "";
  if (final === "h" || final === "l") return parameters === "4" ? sequence : "";
  if (!movements.test(final)) return "";
  if (final !== "m" && parameters.split(/[;:]/).some((p) => Number(p) > repeatsMost)) return "";
  return sequence;
}
