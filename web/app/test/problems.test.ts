import { EditorState, Text } from "@codemirror/state";
import { describe, expect, test } from "vitest";
import { lineNow } from "../src/room/problems/line-now";
import { lineMarks, marksField, marksIn, setMarks } from "../src/room/problems/marks";
import { Patterns, plainLines, toRegExp } from "../src/room/problems/patterns";
import { fileNamed, problemsIn } from "../src/room/problems/problems";
import { errorsOf, manifest } from "./manifest";

function patternsOf(id: string): Patterns {
  return new Patterns(errorsOf(manifest(id)));
}

const files = ["main.py", "main.c", "Main.java", "main.js", "main.go", "main.rb", "main.pl", "main.sh", "main.ts", "main.cpp", "main.rs", "lib/util.py"].map(
  (name) => ({ id: name, name }),
);

/** What is found, in short: "main.py:3: words". */
function found(id: string, output: string): string[] {
  return problemsIn(output, patternsOf(id), files).map(
    ({ name, line, column, message, warning }) => `${name}:${line}${column === undefined ? "" : `:${column}`}: ${warning ? "(warning) " : ""}${message}`,
  );
}

describe("what interpreters and compilers print", () => {
  test("Python: the innermost place of a traceback", () => {
    const traceback = `Traceback (most recent call last):
  File "/work/main.py", line 5, in <module>
    f()
    ~^^
  File "/work/main.py", line 2, in f
    raise ValueError("y")
ValueError: y
`;
    expect(found("python", traceback)).toEqual(["main.py:2: ValueError: y"]);
    expect(found("python", traceback.replace(/line 2/, "line 9").replaceAll("/work/main.py\", line 9", "/work/lib/util.py\", line 9"))).toEqual(["lib/util.py:9: ValueError: y"]);
  });

  test("Python: a mistake in the writing", () => {
    expect(found("python", `  File "/work/main.py", line 1
    print(
         ^
SyntaxError: '(' was never closed
`)).toEqual(["main.py:1: SyntaxError: '(' was never closed"]);
  });

  test("C, in colours, with a warning", () => {
    expect(found("c", `\u001b[01m\u001b[Kmain.c:\u001b[m\u001b[K In function '\u001b[01m\u001b[Kmain\u001b[m\u001b[K':\r
\u001b[01m\u001b[Kmain.c:3:5:\u001b[m\u001b[K \u001b[01;31m\u001b[Kerror: \u001b[m\u001b[K'x' undeclared\r
main.c:4:1: warning: unused variable 'y'\r
`)).toEqual(["main.c:3:5: 'x' undeclared", "main.c:4:1: (warning) unused variable 'y'"]);
  });

  test("Go: a compiler's words, and a panic", () => {
    expect(found("go", "# command-line-arguments\n./main.go:4:2: undefined: x\n")).toEqual(["main.go:4:2: undefined: x"]);
    expect(found("go", "panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/work/main.go:5 +0x1d\nexit status 2\n")).toEqual(["main.go:5: panic: boom"]);
  });

  test("Java: the compiler, and an exception", () => {
    expect(found("java", "Main.java:3: error: ';' expected\n    int x\n         ^\n1 error\n")).toEqual(["Main.java:3: ';' expected"]);
    const thrown = `Exception in thread "main" java.lang.IllegalStateException: x
\tat java.base/java.util.Objects.requireNonNull(Objects.java:233)
\tat Main.f(Main.java:7)
\tat Main.main(Main.java:3)
`;
    const [first, ...rest] = found("java", thrown.replace(/\tat java.base.*\n/, ""));
    expect(first).toBe('Main.java:7: Exception in thread "main" java.lang.IllegalStateException: x');
    expect(rest).toEqual([]);
  });

  test("JavaScript: once, though the place is named twice", () => {
    expect(found("javascript", `/work/main.js:2
throw new Error("x");
^

Error: x
    at f (/work/main.js:2:7)
    at Object.<anonymous> (/work/main.js:5:1)
    at node:internal/main/run_main_module:28:49

Node.js v20.19.2
`)).toEqual(["main.js:2: Error: x"]);
  });

  test.each([
    ["ruby", "main.rb:2:in 'f': boom (RuntimeError)\n\tfrom main.rb:5:in '<main>'\n", "main.rb:2: boom (RuntimeError)"],
    ["perl", "boom at main.pl line 3.\n", "main.pl:3: boom"],
    ["bash", "main.sh: line 2: nope: command not found\n", "main.sh:2: nope: command not found"],
    ["typescript", "main.ts(2,7): error TS2322: Type 'string' is not assignable to type 'number'.\n", "main.ts:2:7: TS2322: Type 'string' is not assignable to type 'number'."],
    ["rust", "error[E0425]: cannot find value `x` in this scope\n --> main.rs:2:20\n  |\n", "main.rs:2:20: error[E0425]: cannot find value `x` in this scope"],
  ])("%s", (id, output, want) => {
    expect(found(id, output)).toEqual([want]);
  });

  test("files that are not of the room are none of its problems", () => {
    expect(found("python", `  File "/usr/lib/python3.13/json/__init__.py", line 3, in x\nValueError: y\n`)).toEqual([]);
    expect(found("c", "other.c:1:1: error: x\n")).toEqual([]);
  });

  test("a flood is no trouble", () => {
    const flood = "main.c:1:1: error: x".repeat(50_000) + "\n" + 'File "'.repeat(100) + "\n";
    expect(found("c", flood.repeat(3))).toEqual([]);
    expect(found("c", Array.from({ length: 900 }, (_, i) => `main.c:${i + 1}:1: error: x\n`).join(""))).toHaveLength(50);
  });
});

test("patterns of Go become patterns of JavaScript", () => {
  expect(toRegExp("(?i)^(?P<file>A):(?P<line>\\d+)")?.exec("a:3")?.groups).toMatchObject({ file: "a", line: "3" });
  expect(toRegExp("(")).toBeUndefined();
  expect(new Patterns(["("]).in("x")).toBeUndefined();
});

test("the place in a line is what can be clicked", () => {
  const place = patternsOf("python").in('  File "main.py", line 12, in f')!;
  expect('  File "main.py", line 12, in f'.slice(place.from, place.to)).toBe('main.py", line 12');
});

test("a line is what a terminal would show", () => {
  expect(plainLines("\u001b]0;title\u0007a\r\n10%\r20%\rdone\n\u001b(B\u001b[1;31mred\u001b[0m")).toEqual(["a", "done", "red"]);
});

test.each([
  ["/work/main.py", "main.py"], ["./main.py", "main.py"], ["file:///work/main.js", "main.js"], ["util.py", "lib/util.py"], ["/tmp/x/main.c", "main.c"],
  ["<string>", undefined], ["/usr/include/main.c", undefined],
])("%s is %s", (printed, want) => {
  expect(fileNamed(printed, files)?.name).toBe(want);
});

test("an ending that two files have names none of them", () => {
  expect(fileNamed("x.py", [{ id: "1", name: "a/x.py" }, { id: "2", name: "b/x.py" }])).toBeUndefined();
});

describe("a line of an earlier text", () => {
  const before = Text.of(["one", "two", "three", "four"]);
  test.each([
    [["one", "two", "three", "four"], 2, 2],
    [["zero", "one", "two", "three", "four"], 2, 3],
    [["one", "two", "new", "three", "four"], 2, 2],
    [["one", "two", "new", "three", "four"], 3, 4],
    [["one", "TWO", "three", "four"], 2, undefined],
    [["one"], 4, undefined],
    [["one", "two", "three", "four"], 9, undefined],
  ])("%j: %d is now %s", (now, line, want) => {
    expect(lineNow(before, Text.of(now), line)).toBe(want);
  });
});

describe("marks", () => {
  function marked(): EditorState {
    const state = EditorState.create({ doc: "one\ntwo\nthree\n", extensions: [lineMarks] });
    return state.update({ effects: setMarks.of([{ line: 2, column: 2, message: "m", warning: false }, { line: 9, message: "beyond", warning: false }]) }).state;
  }
  const lines = (state: EditorState): number[] => marksIn(state.doc, state.field(marksField)).map(({ line }) => line);

  test("move with their line", () => {
    expect(lines(marked())).toEqual([2]);
    expect(lines(marked().update({ changes: { from: 0, insert: "zero\n" } }).state)).toEqual([3]);
    expect(lines(marked().update({ changes: { from: 8, insert: "x" } }).state)).toEqual([2]);
    expect(lines(marked().update({ changes: { from: 3, insert: "x" } }).state)).toEqual([2]);
  });

  test("go away when their line is edited, or taken out", () => {
    expect(lines(marked().update({ changes: { from: 5, insert: "x" } }).state)).toEqual([]);
    expect(lines(marked().update({ changes: { from: 7, insert: "x" } }).state)).toEqual([]);
    expect(lines(marked().update({ changes: { from: 4, to: 8 } }).state)).toEqual([]);
  });

  test("an error is shown before a warning of the same line", () => {
    const state = marked().update({ effects: setMarks.of([{ line: 1, message: "w", warning: true }, { line: 1, message: "e", warning: false }]) }).state;
    expect(marksIn(state.doc, state.field(marksField))).toEqual([{ line: 1, message: "e", warning: false }]);
  });
});
