import { ChangeSet, Text } from "@codemirror/state";
import { expect, test } from "vitest";
import { changesTo, over } from "../src/room/editor/changes-to";
import { formatProblem } from "../src/room/editor/format-words";

function text(s: string): Text {
  return Text.of(s.split("\n"));
}

const seed = Number(process.env["CODECOLLAB_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/** Small numbers that a seed gives. */
function numbers(from: number): (below: number) => number {
  let n = from >>> 0;
  return (below) => {
    n = (Math.imul(n, 1664525) + 1013904223) >>> 0;
    return Math.floor((n / 2 ** 32) * below);
  };
}

test("the changes make one text the other, and cut no character", async () => {
  const draw = numbers(seed);
  const pieces = ["x", " ", "\n", "😀", "😁", "é", "{", "}", "\t", "if"];
  const some = (): string => Array.from({ length: draw(40) }, () => pieces[draw(pieces.length)]).join("");
  for (let round = 0; round < 500; round++) {
    const [a, b] = [some(), some()];
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const changes = await changesTo(text(a), b);
    expect(changes.apply(text(a)).toString(), `CODECOLLAB_SEED=${seed}, round ${round}`).toBe(b);
    changes.iterChanges((from, to) => {
      for (const at of [from, to]) expect(/[\uDC00-\uDFFF]/.test(a[at] ?? ""), `CODECOLLAB_SEED=${seed}, round ${round}`).toBe(false);
    });
  }
});

test("only what differs is changed, so that carets stay", async () => {
  const changes = await changesTo(text("def f( x ):\n  return x\n"), "def f(x):\n    return x\n");
  // Before the "x" of the second line.
  expect(changes.mapPos(21)).toBe(21);
  expect((await changesTo(text("same"), "same")).empty).toBe(true);
});

test("what was typed elsewhere meanwhile stays", async () => {
  const before = text("a=1\nb=2\n");
  const changes = await changesTo(before, "a = 1\nb = 2\n");
  const typed = ChangeSet.of({ from: before.length, insert: "c\n" }, before.length);
  expect(over(changes, typed)?.apply(typed.apply(before)).toString()).toBe("a = 1\nb = 2\nc\n");
  expect(over(changes, ChangeSet.empty(before.length))).toBe(changes);
  // In the very place, nobody knows.
  expect(over(changes, ChangeSet.of({ from: 1, insert: "x" }, before.length))).toBeUndefined();
});

test.each([
  ["<standard input>:3:5: expected operand, found '}'", { line: 3, column: 5, words: "expected operand, found '}'" }],
  ["error: cannot format -: Cannot parse for target version Python 3.13: 1:4: x = (", { line: 1, column: 4, words: "x = (" }],
  ["[error] stdin: SyntaxError: ',' expected. (2:9)", { line: 2, column: 9, words: "[error] stdin: SyntaxError: ',' expected." }],
  ["syntax error at line 7, near foo", { line: 7, words: "syntax error at" }],
  ["error: main.rs:4:1: unexpected token", { line: 4, column: 1, words: "unexpected token" }],
  ["it failed", { words: "it failed" }],
])("%s", (message, want) => {
  expect(formatProblem(message)).toEqual(want);
});
