import { expect, test } from "vitest";
import { Engine, limits, type Answer } from "../src/room/search/engine";
import { compile, expand, find, noQuery, type Query } from "../src/room/search/query";

function query(text: string, more: Partial<Query> = {}): Query {
  return { ...noQuery, text, ...more };
}

function matches(text: string, q: Query): string[] {
  const compiled = compile(q);
  if (!compiled.ok) throw new Error(compiled.why);
  return [...find(text, compiled)].map(({ from, to }) => `${from}:${text.slice(from, to)}`);
}

test("text is looked for as it is typed", () => {
  expect(matches("a.b axb A.B", query("a.b"))).toEqual(["0:a.b", "8:A.B"]);
  expect(matches("a.b axb A.B", query("a.b", { matchCase: true }))).toEqual(["0:a.b"]);
  for (const signs of ["(", "[", "\\", "*", "$^", "{1}", "a|b", "//", "]"]) expect(matches(`x${signs}y`, query(signs))).toEqual([`1:${signs}`]);
});

test("whole words, in any script", () => {
  expect(matches("cat concat cat_ cats (cat)", query("cat", { wholeWord: true }))).toEqual(["0:cat", "22:cat"]);
  expect(matches("über überall", query("ÜBER", { wholeWord: true }))).toEqual(["0:über"]);
  expect(matches("𝒳𝒳 𝒳", query("𝒳", { wholeWord: true }))).toEqual(["5:𝒳"]);
});

test("regular expressions: lines are lines, and what is empty is no match", () => {
  expect(matches("ab\nac\n", query("^a.$", { regexp: true }))).toEqual(["0:ab", "3:ac"]);
  expect(matches("aab", query("a*", { regexp: true }))).toEqual(["0:aa"]);
  expect(matches("😀😀", query("x*", { regexp: true }))).toEqual([]);
  expect(matches("😀b", query(".", { regexp: true }))).toEqual(["0:😀", "2:b"]);
  expect(matches("one\ntwo", query(String.raw`e\nt`, { regexp: true }))).toEqual(["2:e\nt"]);
});

test("a bad expression is said to be one, without repeating it", () => {
  for (const bad of ["(", "[a", "a{2,1}", "(?<x", "\\"]) {
    const compiled = compile(query(bad, { regexp: true }));
    expect(compiled.ok).toBe(false);
    if (!compiled.ok) expect(compiled.why.length).toBeGreaterThan(4);
  }
});

test("replacements speak of groups", () => {
  const replaced = (text: string, pattern: string, by: string): string => {
    const q = query(pattern, { regexp: true });
    const compiled = compile(q);
    if (!compiled.ok) throw new Error(compiled.why);
    const [first] = find(text, compiled);
    if (first === undefined) throw new Error("no match");
    return expand(by, first.match, true);
  };
  expect(replaced("key=value", "(\\w+)=(\\w+)", "$2=$1 $& $$1 $3")).toBe("value=key key=value $1 $3");
  expect(replaced("key", "(?<name>\\w)", "<$<name>>")).toBe("<k>");
  expect(replaced("ab", "(a)", "$10|$01")).toBe("a0|a");
  expect(replaced("a", "a", String.raw`x\n\ty\\n`)).toBe("x\n\ty\\n");
  const literal = compile(query("a"));
  if (literal.ok) for (const { match } of find("a", literal)) expect(expand("$& \\n", match, false)).toBe("$& \\n");
});

function found(answer: Answer | undefined) {
  if (answer?.kind !== "found") throw new Error(`answered ${answer?.kind}`);
  return answer.results;
}

test("results are grouped by file, with their lines", () => {
  const engine = new Engine();
  engine.take({ kind: "text", file: "a", text: "one\n    two one\n" });
  engine.take({ kind: "text", file: "b", text: "nothing" });
  engine.take({ kind: "text", file: "c", text: `${"x".repeat(5000)}one${"y".repeat(5000)}` });
  const results = found(engine.take({ kind: "search", id: 1, query: query("one"), order: ["c", "b", "a"] }));
  expect(results.files.map(({ file, hits }) => [file, hits.map(({ line, preview, from, to }) => [line, preview.slice(from, to)])])).toEqual([
    ["c", [[1, "one"]]],
    ["a", [[1, "one"], [2, "one"]]],
  ]);
  expect(results.files[0]?.hits[0]?.preview.length).toBeLessThanOrEqual(limits.line);
  expect(results.files[1]?.hits[1]?.preview).toBe("two one");
  expect(results).toMatchObject({ count: 3, more: false });
});

test("what was found is kept for texts that stay, and found anew in those that change", () => {
  const engine = new Engine();
  engine.take({ kind: "text", file: "a", text: "one" });
  engine.take({ kind: "text", file: "b", text: "one one" });
  const search = { kind: "search", id: 1, query: query("one"), order: ["a", "b"] } as const;
  const before = found(engine.take(search));
  engine.take({ kind: "text", file: "b", text: "none at all" });
  engine.take({ kind: "gone", file: "a" });
  expect(before.count).toBe(3);
  expect(found(engine.take(search)).count).toBe(1);
});

test("there is a bound to what is shown, and to what is replaced", () => {
  const engine = new Engine();
  for (const file of ["a", "b", "c", "d", "e", "f"]) engine.take({ kind: "text", file, text: "x\n".repeat(4000) });
  const order = ["a", "b", "c", "d", "e", "f"];
  const results = found(engine.take({ kind: "search", id: 1, query: query("x"), order }));
  expect(results).toMatchObject({ count: limits.all, more: true });
  expect(results.files[0]?.hits.length).toBe(limits.perFile);
  expect(engine.take({ kind: "replace", id: 2, query: query("x"), by: "y", order })).toEqual({ kind: "too_many", id: 2 });
  const answer = engine.take({ kind: "replace", id: 3, query: query("x"), by: "y", order: ["a"] });
  expect(answer?.kind === "replacements" && answer.files[0]?.changes.length).toBe(4000);
});

test("exactly as many matches as are shown are not more", () => {
  const engine = new Engine();
  engine.take({ kind: "text", file: "a", text: "x\n".repeat(limits.perFile) });
  expect(found(engine.take({ kind: "search", id: 1, query: query("x"), order: ["a"] }))).toMatchObject({ count: limits.perFile, more: false });
});

test("a preview is not cut inside of a character", () => {
  const engine = new Engine();
  for (let n = 0; n < 4; n++) {
    engine.take({ kind: "text", file: "a", text: `${"y".repeat(n)}${"😀".repeat(300)}one${"😀".repeat(300)}` });
    const { files } = found(engine.take({ kind: "search", id: 1, query: query("one"), order: ["a"] }));
    const preview = files[0]?.hits[0]?.preview ?? "";
    expect(preview.isWellFormed()).toBe(true);
  }
});
