import { ChangeSet, Text } from "@codemirror/state";
import type { LogEvent } from "@codecollab/client";
import { describe, expect, test } from "vitest";
import { formatFragment, parseFragment } from "../src/lib/fragment";
import { blameLines } from "../src/room/history/lines";
import { Moment } from "../src/room/history/moment";
import { idleKept, Pace } from "../src/room/history/pace";
import { difference } from "../src/room/history/past-editor";
import { heightOf, placeOf, versionAt } from "../src/room/history/picture";
import { planRestore } from "../src/room/history/restore";

const text = (s: string): Text => Text.of(s.split("\n"));
const key = "abcdefghijklmnopqrstuvwxyz";

describe("the fragment of an address", () => {
  test.each([
    ["", {}],
    ["#", {}],
    [`#${key}`, { key }],
    ["#v=12", { version: 12 }],
    [`#${key}&v=7`, { key, version: 7 }],
    [`#v=7&${key}`, { key, version: 7 }],
    ["#v=0", {}],
    ["#v=-3", {}],
    ["#v=1e5", {}],
    ["#v=99999999999999999999", {}],
    ["#heading", {}],
    ["#<script>&v=3", { version: 3 }],
  ])("%s", (hash, want) => expect(parseFragment(hash)).toEqual(want));

  test("what is written is read", () => {
    for (const one of [{}, { key }, { version: 5 }, { key, version: 123_456 }]) expect(parseFragment(formatFragment(one))).toEqual(one);
  });
});

describe("the pace", () => {
  test("events are due when their time has passed, faster with speed", () => {
    const pace = new Pace(4, false);
    pace.pass(250);
    expect(pace.due(0, 900)).toBe(true);
    expect(pace.due(900, 1100)).toBe(false);
    pace.pass(25);
    expect(pace.due(900, 1100)).toBe(true);
  });

  test("a pause is cut when idle time is skipped, and kept when it is not", () => {
    const day = 86_400_000;
    const skipping = new Pace(1, true);
    skipping.pass(idleKept);
    expect(skipping.due(0, day)).toBe(true);
    const waiting = new Pace(1, false);
    waiting.pass(idleKept);
    expect(waiting.due(0, day)).toBe(false);
  });

  test("a clock that went back holds nothing up", () => {
    expect(new Pace(1, false).due(1000, 10)).toBe(true);
  });
});

describe("blame by line", () => {
  const stints = [
    { by: "ann", version: 1, at: 100 },
    { by: "ben", version: 5, at: 200 },
    { by: "ann", version: 9, at: 300 },
  ];

  test("a line is of whoever wrote most of it, with the others named", () => {
    const lines = blameLines(text("aaab\nbbbb\nab"), { version: 9, people: [], stints, spans: [3, 0, 1, 1, 1, 0, 5, 1, 1, 2, 1, 1] });
    expect(lines.map(({ by }) => by)).toEqual(["ann", "ben", "ann"]);
    expect(lines[0]).toEqual({ by: "ann", version: 1, at: 100, others: ["ben"] });
    expect(lines[1]).toEqual({ by: "ben", version: 5, at: 200, others: [] });
    expect(lines[2]).toEqual({ by: "ann", version: 9, at: 300, others: ["ben"] }); // as much by both: whoever was last
  });

  test("an empty last line is nobody's", () => {
    const lines = blameLines(text("a\n"), { version: 9, people: [], stints, spans: [2, 0] });
    expect(lines.map(({ by, version }) => [by, version])).toEqual([["ann", 1], ["", 0]]);
  });

  test("an empty text has one line, which is nobody's", () => {
    expect(blameLines(Text.empty, { version: 1, people: [], stints: [], spans: [] })).toEqual([{ by: "", version: 0, at: 0, others: [] }]);
  });
});

/** An event that changes a file. */
function edit(version: number, by: string, changes: ChangeSet, file = "file0001"): LogEvent {
  return { version, at: version * 10, by, body: { kind: "edit", edits: [{ file, changes: changes.toJSON() }] } };
}

describe("a moment", () => {
  const state = { version: 2, at: 20, language: "python", people: [{ person: "ann", name: "Ann", color: 3 }], files: [{ id: "file0001", name: "a.py", text: "one two" }] };

  test("goes on by events, and knows what is new in it", () => {
    const moment = new Moment(state);
    moment.apply(edit(3, "ann", ChangeSet.of({ from: 0, insert: "NEW " }, 7)));
    moment.apply(edit(4, "ben", ChangeSet.of({ from: 0, insert: "> " }, 11)));
    expect(moment.files()[0]?.text.toString()).toBe("> NEW one two");
    expect(moment.fresh()).toEqual([
      { file: "file0001", from: 2, to: 6, by: "ann" },
      { file: "file0001", from: 0, to: 2, by: "ben" },
    ]);
    expect([moment.version, moment.at, moment.person("ann")?.name]).toEqual([4, 40, "Ann"]);
  });

  test("events before it say what is new, and change nothing", () => {
    const moment = new Moment(state, [edit(2, "ann", ChangeSet.of({ from: 4, insert: "two" }, 4))]);
    expect(moment.fresh()).toEqual([{ file: "file0001", from: 4, to: 7, by: "ann" }]);
    expect(moment.files()[0]?.text.toString()).toBe("one two");
  });

  test("what was deleted leaves a place", () => {
    const moment = new Moment(state);
    moment.apply(edit(3, "ann", ChangeSet.of({ from: 3, to: 7 }, 7)));
    expect(moment.fresh()).toEqual([{ file: "file0001", from: 3, to: 3, by: "ann" }]);
  });
});

describe("what restoring does", () => {
  const file = (id: string, name: string, s: string) => ({ id, name, text: text(s) });

  test("nothing, when the files are like that already", () => {
    expect(planRestore([file("a", "a.py", "x")], [file("a", "a.py", "x")])).toEqual([]);
  });

  test("edits, renames, brings back and takes away", () => {
    const now = [file("a", "new.py", "now"), file("c", "later.py", "!")];
    const then = [file("a", "a.py", "then"), file("b", "gone.py", "was here")];
    expect(planRestore(now, then)).toEqual([
      { kind: "delete", file: "c" },
      { kind: "rename", file: "a", name: "a.py" },
      { kind: "edit", file: "a", text: text("then") },
      { kind: "create", name: "gone.py", text: text("was here") },
    ]);
  });

  test("a file that was deleted and made again under its name is that file", () => {
    expect(planRestore([file("b", "a.py", "new")], [file("a", "a.py", "old")])).toEqual([{ kind: "edit", file: "b", text: text("old") }]);
  });
});

describe("the picture", () => {
  test("places and versions belong together", () => {
    for (const last of [2, 3, 100, 1_000_000]) {
      for (const version of [1, 2, Math.ceil(last / 2), last]) expect(versionAt(placeOf(version, last, 5_000_000), last, 5_000_000)).toBe(version);
    }
    expect(versionAt(-20, 100, 500)).toBe(1);
    expect(versionAt(9999, 100, 500)).toBe(100);
    expect(placeOf(1, 1, 500)).toBe(0);
  });

  test("little is seen beside much, and nothing is nothing", () => {
    expect(heightOf(1, 1_000_000)).toBeGreaterThan(0.05);
    expect(heightOf(0, 10)).toBe(0);
    expect(heightOf(10, 10)).toBe(1);
  });
});

test("the difference of two texts makes one the other", () => {
  for (const [a, b] of [["", ""], ["abc", "abc"], ["abc", "abXc"], ["aaa", "aa"], ["aa", "aaa"], ["x\ny", "x\nz\ny"], ["", "new"], ["old", ""]] as const) {
    const { changes } = difference(text(a), text(b));
    const set = changes === undefined ? ChangeSet.empty(a.length) : ChangeSet.of(changes, a.length);
    expect(set.apply(text(a)).toString()).toBe(b);
  }
});
