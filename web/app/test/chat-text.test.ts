import { describe, expect, it } from "vitest";
import { groupsOf } from "../src/room/chat/groups";
import { blocksOf, webAddress, type Span } from "../src/room/chat/text";
import { corpus } from "./xss";

const files = [
  { id: "f1", name: "main.py" },
  { id: "f2", name: "src/util.js" },
  { id: "f3", name: "my notes.md" },
  { id: "f4", name: "src/main.py" },
];

function spans(text: string): readonly Span[] {
  return blocksOf(text, files).flatMap((b) => (b.kind === "text" ? b.spans : []));
}

/** What a reader sees, all of it together. */
function shown(text: string): string {
  return blocksOf(text, files).map((b) => (b.kind === "code" ? b.text : b.spans.map((s) => s.text).join(""))).join("|");
}

describe("a message", () => {
  it("is text, and code between fences", () => {
    expect(blocksOf("one\ntwo", files)).toEqual([{ kind: "text", spans: [{ kind: "text", text: "one\ntwo" }] }]);
    expect(blocksOf("see\n```py\nif x:\n    y()\n```\nthere", files)).toEqual([
      { kind: "text", spans: [{ kind: "text", text: "see" }] },
      { kind: "code", text: "if x:\n    y()" },
      { kind: "text", spans: [{ kind: "text", text: "there" }] },
    ]);
    expect(blocksOf("```\nnever closed\n", files)).toEqual([{ kind: "code", text: "never closed\n" }]);
    expect(blocksOf("```\na\n```sh\nb\n```", files)).toEqual([{ kind: "code", text: "a\n```sh\nb" }]);
    expect(blocksOf("```", files)).toEqual([]);
  });

  it("has code in back quotes", () => {
    expect(spans("use `a < b` and ``x ` y``")).toMatchObject([{ text: "use " }, { kind: "code", text: "a < b" }, { kind: "text", text: " and ``x ` y``" }]);
    expect(spans("a ` b")).toEqual([{ kind: "text", text: "a ` b" }]);
  });

  it("links to addresses of the web, without the sentence around them", () => {
    expect(spans("see https://example.org/a_(b)?q=1#x, or (http://x.test).")).toEqual([
      { kind: "text", text: "see " },
      { kind: "link", text: "https://example.org/a_(b)?q=1#x", href: "https://example.org/a_(b)?q=1#x" },
      { kind: "text", text: ", or (" },
      { kind: "link", text: "http://x.test", href: "http://x.test/" },
      { kind: "text", text: ")." },
    ]);
    for (const text of ["javascript:alert(1)", "ftp://x", "https://", "file:///etc/passwd", "data:text/html,x"]) {
      expect(spans(text)).toEqual([{ kind: "text", text }]);
    }
  });

  it("links to lines of files that are there", () => {
    expect(spans("main.py:12 breaks, like src/util.js:3:5; and my notes.md:1")).toEqual([
      { kind: "place", text: "main.py:12", file: "f1", line: 12, column: 1 },
      { kind: "text", text: " breaks, like " },
      { kind: "place", text: "src/util.js:3:5", file: "f2", line: 3, column: 5 },
      { kind: "text", text: "; and " },
      { kind: "place", text: "my notes.md:1", file: "f3", line: 1, column: 1 },
    ]);
    expect(spans("(util.js:3)")[1]).toMatchObject({ kind: "place", file: "f2" });
    expect(spans("`main.py:2`")).toMatchObject([{ kind: "place", text: "main.py:2" }]);
    expect(spans("./main.py:2")[0]).toMatchObject({ kind: "place", text: "./main.py:2", file: "f1" });
    for (const text of ["at 10:30", "other.py:3", "main.py:0", "xmain.py:3", "main.py:3rd", "http://x.test/main.py:3"]) {
      expect(spans(text).filter((s) => s.kind === "place")).toEqual([]);
    }
  });

  it("loses nothing of what was written", () => {
    for (const text of ["a main.py:3 https://x.test/ c", "*not* _markdown_", "<b>x</b> &amp; &lt;", "a: 3", ":3", "::1"]) expect(shown(text)).toBe(text);
  });

  it("makes no markup of anything (XSS corpus)", () => {
    for (const text of corpus) {
      for (const span of spans(text)) {
        if (span.kind === "link") expect(span.href).toMatch(/^https?:\/\//);
      }
      expect(shown(text).replace(/[\s`|]+/g, "")).toBe(text.replace(/[\s`|]+/g, ""));
    }
  });

  it("of great length is read in no time", () => {
    const started = performance.now();
    for (const text of ["`".repeat(4000), "https://".repeat(500), "main.py:".repeat(500), "a".repeat(4000), ":1".repeat(2000), "```\n".repeat(1000), "(".repeat(4000)]) blocksOf(text, files);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

it("knows addresses of the web", () => {
  expect(webAddress("https://ex ample.org")).toBe(undefined);
  expect(webAddress("HTTPS://EXAMPLE.org")).toBe("https://example.org/");
});

it("puts messages together by person, time and day", () => {
  const at = new Date(2026, 10, 28, 23, 50).getTime();
  const m = (version: number, by: string, minutes: number) => ({ version, by, at: at + minutes * 60_000, text: "" });
  const groups = groupsOf([m(1, "a", 0), m(2, "a", 4), m(3, "b", 5), m(4, "a", 6), m(5, "a", 9), m(6, "a", 11), m(7, "a", 20)]);
  expect(groups.map((g) => [g.by, g.newDay, g.messages.map((x) => x.version)])).toEqual([
    ["a", true, [1, 2]],
    ["b", false, [3]],
    ["a", false, [4, 5]],
    ["a", true, [6]],
    ["a", false, [7]],
  ]);
});
