/** How a piece of output looks. */
export type Style = {
  /** 0 to 15 of the theme's palette, or a colour "#rrggbb". */
  readonly fg?: number | string;
  readonly bg?: number | string;
  readonly bold?: true;
  readonly dim?: true;
  readonly italic?: true;
  readonly underline?: true;
  readonly inverse?: true;
  readonly strike?: true;
};

/** What a parser finds: text in one style, or the command to begin the line anew. */
export type Piece = { readonly text: string; readonly style: Style } | "return";

const plain: Style = {};
const escape = "\u001b";
/** An escape sequence longer than this is none: what follows is text again. */
const longest = 256;

/**
 * Reads what programs print for a terminal: SGR colours become styles, every other escape sequence and control
 * character is left out. It may be given the text in pieces, cut anywhere. What comes out is text, never markup.
 */
export class AnsiParser {
  private style: Style = plain;
  private held = "";
  private returned = false;

  /** The pieces of some more text. */
  push(data: string): Piece[] {
    const out: Piece[] = [];
    const text = this.held + data;
    this.held = "";
    let at = 0;
    while (at < text.length) {
      const next = text.indexOf(escape, at);
      const until = next < 0 ? text.length : next;
      if (until > at) this.text(text.slice(at, until), out);
      if (next < 0) break;
      const end = endOfSequence(text, next);
      if (end === undefined) {
        if (text.length - next < longest) {
          this.held = text.slice(next);
          break;
        }
        at = next + 1;
        continue;
      }
      if (text[next + 1] === "[" && text[end - 1] === "m") this.style = sgr(this.style, text.slice(next + 2, end - 1));
      at = end;
    }
    return out;
  }

  private text(text: string, out: Piece[]): void {
    let rest = text;
    if (this.returned) {
      this.returned = false;
      if (!rest.startsWith("\n")) out.push("return");
    }
    for (;;) {
      const at = rest.search(/\r(?!\n)/);
      if (at < 0) break;
      this.emit(rest.slice(0, at), out);
      rest = rest.slice(at + 1).replace(/^\r+/, "");
      // A carriage return only matters once something follows it: a line that ends in one stays.
      if (rest === "") this.returned = true;
      else if (!rest.startsWith("\n")) out.push("return");
    }
    this.emit(rest, out);
  }

  private emit(text: string, out: Piece[]): void {
    // oxlint-disable-next-line no-control-regex -- they are what is to be removed
    const clean = text.replace(/[\u0000-\u0008\u000b-\u001f\u007f\u0080-\u009f]/g, "");
    if (clean !== "") out.push({ text: clean, style: this.style });
  }
}

/** Where the escape sequence that begins at a position ends; undefined when its end has not come yet. */
function endOfSequence(text: string, start: number): number | undefined {
  const kind = text[start + 1];
  if (kind === undefined) return undefined;
  if (kind === "[") {
    for (let i = start + 2; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c >= 0x40 && c <= 0x7e) return i + 1;
      if (c < 0x20 || c > 0x7e) return i;
    }
    return undefined;
  }
  if (kind === "]" || kind === "P" || kind === "_" || kind === "^" || kind === "X") {
    for (let i = start + 2; i < text.length; i++) {
      if (text[i] === "\u0007") return i + 1;
      if (text[i] === escape) return text[i + 1] === undefined ? undefined : text[i + 1] === "\\" ? i + 2 : i;
    }
    return undefined;
  }
  if (kind >= " " && kind <= "/") return text[start + 2] === undefined ? undefined : start + 3;
  return kind === escape ? start + 1 : start + 2;
}

/** The style after a "select graphic rendition". */
function sgr(before: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map((p) => (p === "" ? 0 : Number(p)));
  const style: { -readonly [K in keyof Style]: Style[K] } = { ...before };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 0) for (const key of Object.keys(style)) delete style[key as keyof Style];
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 3) style.italic = true;
    else if (code === 4) style.underline = true;
    else if (code === 7) style.inverse = true;
    else if (code === 9) style.strike = true;
    else if (code === 22) {
      delete style.bold;
      delete style.dim;
    } else if (code === 23) delete style.italic;
    else if (code === 24) delete style.underline;
    else if (code === 27) delete style.inverse;
    else if (code === 29) delete style.strike;
    else if (code >= 30 && code <= 37) style.fg = code - 30;
    else if (code >= 90 && code <= 97) style.fg = code - 82;
    else if (code >= 40 && code <= 47) style.bg = code - 40;
    else if (code >= 100 && code <= 107) style.bg = code - 92;
    else if (code === 39) delete style.fg;
    else if (code === 49) delete style.bg;
    else if (code === 38 || code === 48) {
      const [color, used] = extended(codes.slice(i + 1));
      i += used;
      if (color !== undefined) style[code === 38 ? "fg" : "bg"] = color;
    }
  }
  return Object.keys(style).length === 0 ? plain : style;
}

function extended([kind, ...rest]: number[]): [color: number | string | undefined, used: number] {
  if (kind === 5) {
    const n = rest[0] ?? -1;
    if (!(n >= 0 && n <= 255)) return [undefined, 2];
    if (n < 16) return [n, 2];
    if (n >= 232) return [hex(8 + (n - 232) * 10, 8 + (n - 232) * 10, 8 + (n - 232) * 10), 2];
    const level = (v: number): number => (v === 0 ? 0 : 55 + v * 40);
    return [hex(level(Math.floor((n - 16) / 36)), level(Math.floor((n - 16) / 6) % 6), level((n - 16) % 6)), 2];
  }
  if (kind === 2) {
    const [r = 0, g = 0, b = 0] = rest;
    return [hex(r, g, b), 4];
  }
  return [undefined, 0];
}

function hex(...parts: number[]): string {
  return `#${parts.map((p) => Math.max(0, Math.min(255, Math.floor(p) || 0)).toString(16).padStart(2, "0")).join("")}`;
}
