import { expect, test } from "vitest";
import fc from "fast-check";
import { condense, Reader, type Step } from "../src/room/output/terminal/reader";

type Chunk = { stream: string; data: string; omitted?: number };
const out = (data: string): Chunk => ({ stream: "stdout", data });

function flat(steps: readonly Step[]): string {
  return steps.map((s) => (s.kind === "text" ? s.data : s.kind === "gap" ? `[${s.omitted}]` : `<${s.person}>`)).join("");
}

test("only what is new is read, however the chunks are cut", () => {
  const text = "Zeile 1\nдва\n😀 drei\n".repeat(20);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), fc.integer({ min: 1, max: 50 }), (sizes, budget) => {
      const reader = new Reader();
      const chunks: Chunk[] = [];
      let read = "";
      let at = 0;
      for (const size of sizes) {
        const part = text.slice(at, at + size);
        at += part.length;
        const last = chunks.at(-1);
        if (last !== undefined && size % 2 === 0) chunks[chunks.length - 1] = out(last.data + part);
        else chunks.push(out(part));
        read += flat(reader.next(chunks, budget)!);
      }
      for (let more = "x"; more !== ""; read += more) more = flat(reader.next(chunks, budget)!);
      expect(read).toBe(text.slice(0, at));
    }),
  );
});

test("the middle of a flood may go while it is read", () => {
  const reader = new Reader();
  expect(flat(reader.next([out("head")])!)).toBe("head");
  expect(flat(reader.next([out("head"), { ...out("tail"), omitted: 1000 }])!)).toBe("[1000]tail");
  expect(flat(reader.next([out("head"), { ...out("il and more"), omitted: 1002 }])!)).toBe(" and more");
  expect(reader.next([out("he")])).toBeUndefined();
});

test("marks of who types stand where they were made, once", () => {
  const reader = new Reader();
  const typed = (ids: string): Chunk => ({ stream: "typed", data: ids });
  expect(flat(reader.next([out("Name? "), typed("ann\n")])!)).toBe("Name? <ann>");
  expect(flat(reader.next([out("Name? "), typed("ann\n")])!)).toBe("");
  expect(flat(reader.next([out("Name? "), typed("ann\nben\n")])!)).toBe("<ben>");
  expect(flat(reader.next([out("Name? "), typed("ann\nben\n"), out("B\r\n"), typed("ann\n"), out("x")])!)).toBe("B\r\n<ann>x");
});

test("what a terminal cannot remember is left out in the middle, and counted", () => {
  const lines = Array.from({ length: 1000 }, (_, i) => `line ${i}\n`);
  const chunks = condense([out(lines.slice(0, 700).join("")), { stream: "stderr", data: lines.slice(700).join("") }], 100);
  const text = flat(new Reader().next(chunks)!);
  const [head = "", tail = ""] = text.split(/\[\d+\]/);
  expect(head).toBe(lines.slice(0, 25).join(""));
  expect(tail).toBe(lines.slice(-75).join(""));
  expect(text).toContain(`[${lines.slice(25, -75).join("").length}]`);
  const few = [out("a\n"), out("b\n")];
  expect(condense(few, 100)).toBe(few);
});
