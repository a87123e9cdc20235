import headless from "@xterm/headless";
import { expect, test } from "vitest";
import { guard } from "../src/room/output/terminal/guard";

/** xterm's own parser and buffers, without a page around them. */
function terminal() {
  const t = new headless.Terminal({ rows: 24, cols: 80, allowProposedApi: true });
  const said: string[] = [];
  t.onData((data) => said.push(data));
  t.onTitleChange((title) => said.push(`title ${title}`));
  const write = (data: string): Promise<void> => new Promise((done) => t.write(data, done));
  return { t, said, write, guarded: { get rows() { return t.rows; }, get cols() { return t.cols; }, parser: t.parser } };
}

const questions = [
  "\u001b[c", "\u001b[>c", "\u001b[=c", "\u001b[5n", "\u001b[6n", "\u001b[?6n", "\u001b[4$p", "\u001b[?25$p", "\u001b[>q", "\u001bZ",
  "\u001b]10;?\u0007", "\u001b]11;?\u001b\\", "\u001b]4;1;?\u0007", "\u001b]52;c;?\u0007", "\u001bP$qm\u001b\\", "\u001bP+q544e\u001b\\",
  "\u001b[18t", "\u001b[21t", "\u001b]0;title\u0007", "\u001b]2;title\u0007", "\u009bc",
];

test("without the guard a terminal does answer", async () => {
  const { said, write } = terminal();
  await write(questions.join(""));
  expect(said.length).toBeGreaterThan(5);
});

test.each(questions)("nothing is answered to %j", async (question) => {
  const { t, said, write, guarded } = terminal();
  guard(guarded);
  await write(`a${question}b`);
  expect(said).toEqual([]);
  expect(t.buffer.active.getLine(0)?.translateToString(true)).toBe("ab");
});

test("a mouse, or the focus, of those who watch is not typed", async () => {
  const { t, write, guarded } = terminal();
  guard(guarded);
  await write("\u001b[?1000h\u001b[?1003;1006h\u001b[?1004h\u001b[?1h");
  expect(t.modes.mouseTrackingMode).toBe("none");
  expect(t.modes.sendFocusMode).toBe(false);
  expect(t.modes.applicationCursorKeysMode).toBe(true);
});

test.each(["@", "b", "I", "L", "M", "P", "S", "T", "X", "Z", " @", " A", "'}", "'~"])("two thousand million times %j takes no time", async (final) => {
  const { t, write, guarded } = terminal();
  guard(guarded);
  const before = performance.now();
  await write(`x\u001b[2147483647${final}`);
  await write("\r\nstill there");
  expect(performance.now() - before).toBeLessThan(2000);
  expect(t.buffer.active.getLine(1)?.translateToString(true)).toBe("still there");
});
