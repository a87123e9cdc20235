import { describe, expect, test } from "vitest";
import type { wire } from "@codecollab/client";
import { linesOf, type Answer } from "../src/room/hints/ask";
import { shownByOthers, type Entry } from "../src/room/hints/hints";
import { lineOf } from "../src/room/hints/marks";
import { panel as de } from "../src/words/de/hints-panel";
import { panel as en } from "../src/words/en/hints-panel";

function streamOf(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, (at += size)));
    },
  });
}

describe("the lines of an answer", () => {
  const lines = ['{"state":"facts"}', '{"text":"größer 👀"}', '{"answer":{}}'];
  test.each([1, 2, 3, 5, 1000])("in pieces of %i bytes", async (size) => {
    for (const end of ["\n", ""]) {
      const got: string[] = [];
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      for await (const line of linesOf(streamOf(new TextEncoder().encode(lines.join("\n") + end), size))) got.push(line);
      expect(got).toEqual(lines);
    }
  });
});

describe("the line that a hint means", () => {
  const doc = ["a", "  b  ", "c", "b", "d"];
  const find = (was: number, text: string): number | undefined => lineOf((n) => doc[n - 1] ?? "", doc.length, was, text);
  test("is where it was, or the nearest with its text", () => {
    expect(find(2, "b")).toBe(2);
    expect(find(3, "b")).toBe(2);
    expect(find(5, "b")).toBe(4);
    expect(find(1, "d")).toBe(5);
    expect(find(40, "a")).toBe(1);
  });
  test("is gone with its text", () => {
    expect(find(2, "x")).toBeUndefined();
    expect(find(9, "")).toBeUndefined();
    expect(find(3, "")).toBe(3);
  });
});

/** The names of everything in an object of words, and of what is in it. */
function keys(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => keys(inner, `${path}.${key}`));
}

test("both languages have all words of the panel, notes and kinds of fault included", () => {
  expect(keys(de)).toEqual(keys(en));
  expect(keys(en.notes)).toHaveLength(12);
  expect(keys(en.categories)).toHaveLength(20);
  for (const words of [en, de]) for (const note of Object.values(words.notes)) expect(note({ n: 2, first: 3, last: 4, of: 5 })).toMatch(/\.$/);
});

describe("what others have shown", () => {
  const record = (version: number, by: string, id: string): wire.HintRecord => ({ version, at: 0, by, hint: { id } as wire.HintRecord["hint"] });
  const entry = (state: Entry["state"], after: number, answer?: string): Entry => ({
    key: 1, at: 0, kind: "hint", level: 1, shared: true, after, state, text: "", ...(answer === undefined ? {} : { answer: { id: answer } as Answer }),
  });
  const ids = (told: readonly wire.HintRecord[]): string[] => told.map(({ hint }) => hint.id);

  test("is not what this person's own question is being answered with", () => {
    const told = [record(3, "me", "old"), record(5, "ben", "ben's"), record(6, "me", "new")];
    expect(ids(shownByOthers(told, [entry("answering", 5)], "me"))).toEqual(["old", "ben's"]);
    expect(ids(shownByOthers(told, [entry("done", 5, "new")], "me"))).toEqual(["old", "ben's"]);
    expect(ids(shownByOthers(told, [entry("cancelled", 5)], "me"))).toEqual(["old", "ben's", "new"]);
    expect(ids(shownByOthers(told, [], "me"))).toEqual(["old", "ben's", "new"]);
  });
});
