import { expect, test } from "vitest";
import { parseCsv } from "../src/room/output/files/csv";

test.each([
  ["a,b\n1,2\n", [["a", "b"], ["1", "2"]]],
  ["a;b\r\n1;2", [["a", "b"], ["1", "2"]]],
  ['a,"b ""q"", and\nmore"\nx,', [["a", 'b "q", and\nmore'], ["x", ""]]],
  ["a\tb", [["a", "b"]]],
  ['"open', [["open"]]],
  ["", []],
])("a table: %j", (text, table) => {
  expect(parseCsv(text, 50, 20)).toEqual({ table, more: false });
});

test("only the beginning of a large table", () => {
  const { table, more } = parseCsv(`${"1,".repeat(100)}2\n`.repeat(1000), 50, 20);
  expect([table.length, table[0]?.length, more]).toEqual([50, 20, true]);
});
