import { expect, test } from "vitest";
import { best, fuzzy } from "../src/room/commands/fuzzy";

const titles = ["Go to a line", "Format the file", "Follow somebody", "Dunkel", "Größer", "Open a file by its name", "Fold all", "src/util/format.ts"];
const find = (query: string): readonly string[] => best(titles, query, (title) => title);

test.each([
  ["format", "Format the file"],
  ["gtl", "Go to a line"],
  ["gross", "Größer"],
  ["file open", "Open a file by its name"],
  ["util", "src/util/format.ts"],
  ["  FOLD ", "Fold all"],
])("%s finds first: %s", (query, first) => {
  expect(find(query)[0]).toBe(first);
});

test("what does not fit is not found, and nothing typed finds all in order", () => {
  expect(find("xyz")).toEqual([]);
  expect(find("format xyz")).toEqual([]);
  expect(find(" ")).toEqual(titles);
  expect(fuzzy("unkel", "Dunkel")).toBeLessThan(fuzzy("dunkel", "Dunkel") ?? 0);
});
