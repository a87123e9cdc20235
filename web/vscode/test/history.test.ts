import { ChangeSet, Text } from "@codemirror/state";
import { expect, it } from "vitest";
import { OwnHistory } from "../src/core/history";

const insert = (at: number, text: string, length: number): ChangeSet => ChangeSet.of({ from: at, insert: text }, length);

it("takes back one's own steps, and leaves what others wrote in between", () => {
  const history = new OwnHistory();
  let text = Text.of([""]);
  const own = (changes: ChangeSet, at: number): void => {
    history.own(changes, text, at);
    text = changes.apply(text);
  };
  const other = (changes: ChangeSet): void => {
    history.remote(changes);
    text = changes.apply(text);
  };
  own(insert(0, "one", 0), 0);
  own(insert(3, " two", 3), 5000);
  other(insert(0, "OTHER ", 7));
  own(insert(13, " three", 13), 10_000);
  other(insert(6, "<>", text.length));
  expect(text.toString()).toBe("OTHER <>one two three");
  const undo = (): void => {
    const changes = history.undo(text);
    if (changes !== undefined) text = changes.apply(text);
  };
  undo();
  expect(text.toString()).toBe("OTHER <>one two");
  undo();
  expect(text.toString()).toBe("OTHER <>one");
  undo();
  expect(text.toString()).toBe("OTHER <>");
  undo();
  expect(text.toString()).toBe("OTHER <>");
  other(insert(text.length, "!", text.length));
  for (const want of ["OTHER <>one!", "OTHER <>one two!", "OTHER <>one two three!"]) {
    text = history.redo(text)!.apply(text);
    expect(text.toString()).toBe(want);
  }
});

it("joins what is typed in one go", () => {
  const history = new OwnHistory();
  let text = Text.of([""]);
  [..."word"].forEach((letter, i) => {
    const changes = insert(i, letter, i);
    history.own(changes, text, i * 100);
    text = changes.apply(text);
  });
  expect(history.undo(text)?.apply(text).toString()).toBe("");
});
