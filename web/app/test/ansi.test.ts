import { describe, expect, test } from "vitest";
import { AnsiParser, type Piece } from "../src/room/output/ansi";

function parse(...pieces: string[]): Piece[] {
  const parser = new AnsiParser();
  return pieces.flatMap((piece) => parser.push(piece));
}

function textOf(pieces: Piece[]): string {
  return pieces.map((p) => (p === "return" ? "<" : p.text)).join("");
}

describe("the ANSI parser", () => {
  test("leaves text alone", () => {
    expect(parse("a <b> & c\n\td")).toEqual([{ text: "a <b> & c\n\td", style: {} }]);
  });

  test("reads colours and attributes, and resets them", () => {
    expect(parse("\u001b[1;31mno\u001b[22m!\u001b[0m ok\u001b[m.")).toEqual([
      { text: "no", style: { bold: true, fg: 1 } },
      { text: "!", style: { fg: 1 } },
      { text: " ok", style: {} },
      { text: ".", style: {} },
    ]);
  });

  test("reads bright, 256 and true colours", () => {
    expect(parse("\u001b[92;48;5;196ma\u001b[38;2;1;2;300mb")).toEqual([
      { text: "a", style: { fg: 10, bg: "#ff0000" } },
      { text: "b", style: { fg: "#0102ff", bg: "#ff0000" } },
    ]);
  });

  test("is the same wherever the text is cut", () => {
    const text = "\u001b[32mgreen\u001b]8;;http://x\u0007link\u001b]8;;\u001b\\ \u001b[2J50%\r100%\r\nend\u001b[0m";
    const whole = textOf(parse(text));
    expect(whole).toBe("greenlink 50%<100%\nend");
    for (let cut = 0; cut <= text.length; cut++) expect(textOf(parse(text.slice(0, cut), text.slice(cut)))).toBe(whole);
    expect(textOf(parse(...text))).toBe(whole);
  });

  test("leaves out other sequences and control characters", () => {
    expect(textOf(parse("a\u0000\u0007\u001b[?25l\u001b(Bb\u001b7c\u0008\u009b"))).toBe("abc");
  });

  test("does not wait for ever for the end of a sequence", () => {
    expect(textOf(parse(`\u001b]${"x".repeat(400)}`, "y")).endsWith("y")).toBe(true);
  });
});
