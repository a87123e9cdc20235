import { expect, test } from "vitest";
import { isTyped, matches, type Pressed } from "../src/room/commands/keys";

function press(key: string, held: Partial<Pressed> = {}): Pressed {
  return { key, code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held };
}

test.each([
  ["Mod+Enter", press("Enter", { ctrlKey: true }), true],
  ["Mod+Enter", press("Enter", { metaKey: true }), true],
  ["Mod+Enter", press("Enter"), false],
  ["Mod+Enter", press("Enter", { ctrlKey: true, shiftKey: true }), false],
  ["Mod+Shift+Enter", press("Enter", { ctrlKey: true, shiftKey: true }), true],
  ["Mod+S", press("s", { ctrlKey: true }), true],
  ["Mod+S", press("s", { ctrlKey: true, altKey: true }), false],
  ["Shift+Alt+F", press("ƒ", { altKey: true, shiftKey: true, code: "KeyF" }), true],
  ["?", press("?", { shiftKey: true }), true],
  ["?", press("?"), true],
  ["?", press("?", { ctrlKey: true }), false],
  ["F1", press("F1"), true],
])("%s and a key: %#", (keys, event, want) => {
  expect(matches(keys, event)).toBe(want);
});

test("only what could be text is left to text fields", () => {
  expect(["?", "Shift+A", "Enter"].map(isTyped)).toEqual([true, true, true]);
  expect(["Mod+S", "Shift+Alt+F", "F1", "Shift+F6"].map(isTyped)).toEqual([false, false, false, false]);
});
