import { expect, test, vi } from "vitest";

vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("location", { pathname: "/", search: "" });
const { parseLink } = await import("../src/lib/rooms");
const { merge } = await import("../src/start/my-rooms");

test.each([
  ["calm-heron-abc2def3", "/r/calm-heron-abc2def3"],
  [" https://code.example/r/Calm-Heron-abc2def3/ ", "/r/calm-heron-abc2def3"],
  ["https://code.example/r/calm-heron-abc2def3#k3yOfTheLink", "/r/calm-heron-abc2def3#k3yOfTheLink"],
  ["https://code.example/r/calm-heron-abc2def3?x=1#key", "/r/calm-heron-abc2def3#key"],
  ["", undefined],
  ["https://code.example/", undefined],
  ["https://code.example/about/calm-heron", undefined],
  ["two words", undefined],
])("a link that somebody was sent: %j", (text, path) => {
  expect(parseLink(text)).toBe(path);
});

test("the list is of this browser and of the server, the last visit first", () => {
  const recent = [
    { room: "here-only", at: 50, language: "go", title: "" },
    { room: "both", at: 300, language: "python", title: "Old title" },
  ];
  const known = [
    { room: "both", title: "New title", language: "rust", role: "owner", visited: 100, changed: 120, ends: 999 },
    { room: "there-only", title: "", language: "c", role: "viewer", visited: 200, changed: 10, ends: undefined },
  ];
  expect(merge(recent, known)).toEqual([
    { room: "both", title: "New title", language: "rust", role: "owner", at: 300, changed: 120, ends: 999 },
    { room: "there-only", title: "", language: "c", role: "viewer", at: 200, changed: 10, ends: undefined },
    { room: "here-only", title: "", language: "go", role: undefined, at: 50, changed: undefined, ends: undefined },
  ]);
});
