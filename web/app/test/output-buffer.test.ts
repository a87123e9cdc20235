import { expect, test } from "vitest";
import { OutputBuffer, textOf, type Block } from "../src/room/output/output-buffer";

type Chunk = { stream: string; data: string; omitted?: number };

function text(blocks: readonly Block[]): string {
  return textOf(blocks, (n) => `[${n}]`);
}

test("what is new is added, and finished blocks stay the same objects", () => {
  const buffer = new OutputBuffer();
  const line = `${"x".repeat(79)}\n`;
  let chunks: Chunk[] = [];
  let before: readonly Block[] = [];
  for (let i = 0; i < 500; i++) {
    const last = chunks.at(-1);
    chunks = last !== undefined && last.data.length < 4096 ? [...chunks.slice(0, -1), { ...last, data: last.data + line }] : [...chunks, { stream: "stdout", data: line }];
    const blocks = buffer.update(chunks);
    for (const [n, block] of before.slice(0, -1).entries()) expect(blocks[n]).toBe(block);
    before = blocks;
  }
  expect(text(before)).toBe(line.repeat(500));
  expect(before.length).toBeGreaterThan(2);
  for (const block of before.slice(0, -1)) expect(block.kind === "text" && block.spans.at(-1)?.text.endsWith("\n")).toBe(true);
});

test("streams are told apart, in order", () => {
  const blocks = new OutputBuffer().update([
    { stream: "stdout", data: "a\n" },
    { stream: "stderr", data: "b\n" },
    { stream: "stdout", data: "c\n" },
  ]);
  expect(blocks.map((b) => b.kind === "text" && [b.stream, b.first])).toEqual([["stdout", true], ["stderr", true], ["stdout", true]]);
});

test("left out bytes are a gap between head and tail", () => {
  const blocks = new OutputBuffer().update([
    { stream: "stdout", data: "head" },
    { stream: "stdout", data: "tail", omitted: 1_200_000 },
  ]);
  expect(text(blocks)).toBe("head\n[1200000]\ntail");
});

test("a tail that is cut is read anew", () => {
  const buffer = new OutputBuffer();
  const head = { stream: "stdout", data: "head\n" };
  buffer.update([head, { stream: "stdout", data: "one\n" }, { stream: "stdout", data: "two\n" }]);
  expect(text(buffer.update([head, { stream: "stdout", data: "two\n", omitted: 4 }, { stream: "stdout", data: "three\n" }]))).toBe("head\n\n[4]\ntwo\nthree\n");
});

test("a carriage return overwrites the line", () => {
  const buffer = new OutputBuffer();
  const chunks = [{ stream: "stdout", data: "start\n10%\r20%" }];
  expect(text(buffer.update(chunks))).toBe("start\n20%");
  expect(text(buffer.update([{ stream: "stdout", data: "start\n10%\r20%\r\u001b[32m30%\u001b[0m\ndone" }]))).toBe("start\n30%\ndone");
});

test("an endless line, and endless colours, stay bounded", () => {
  const blocks = new OutputBuffer().update([{ stream: "stdout", data: "😀".repeat(200_000) }]);
  expect(text(blocks)).toBe("😀".repeat(200_000));
  for (const block of blocks) expect(block.kind === "text" && block.spans.every((s) => s.text.isWellFormed())).toBe(true);
  const colours = new OutputBuffer().update([{ stream: "stdout", data: Array.from({ length: 60_000 }, (_, i) => `\u001b[${31 + (i % 6)}mx`).join("") }]);
  const spans = colours.reduce((n, b) => n + (b.kind === "text" ? b.spans.length : 0), 0);
  expect(spans).toBeLessThan(21_000);
});
