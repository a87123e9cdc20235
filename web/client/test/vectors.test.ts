import { existsSync, readFileSync } from "node:fs";
import { ChangeSet, Text } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { canonical, parseChanges } from "../src/changes";
import type { Changes } from "../src/wire.gen";

// The vectors that the Go implementation is held against hold for the library in use here, too; and canonical() brings
// changes into the very form that the server does.

const folder = new URL("../../../testdata/ot/", import.meta.url);

function cases<T>(name: string): T[] {
  const file = new URL(name, folder);
  if (!existsSync(file)) throw new Error(`testdata/ot/${name} is missing; scripts/ot-vectors.mjs writes it`);
  return JSON.parse(readFileSync(file, "utf8")) as T[];
}

const text = (s: string): Text => Text.of(s.split("\n"));
const read = (c: Changes): ChangeSet => ChangeSet.fromJSON(c);
const json = (c: ChangeSet): unknown => c.toJSON();

describe("vectors", () => {
  it("map", () => {
    for (const c of cases<{ a: Changes; b: Changes; after: Changes; before: Changes }>("map.json")) {
      expect(json(read(c.a).map(read(c.b)))).toEqual(c.after);
      expect(json(read(c.a).map(read(c.b), true))).toEqual(c.before);
      expect(json(canonical(read(c.after)))).toEqual(c.after);
    }
  });

  it("compose", () => {
    for (const c of cases<{ a: Changes; b: Changes; want: Changes }>("compose.json")) {
      expect(json(read(c.a).compose(read(c.b)))).toEqual(c.want);
    }
  });

  it("apply and invert", () => {
    for (const c of cases<{ doc: string; a: Changes; want: string; invert: Changes }>("apply.json")) {
      expect(read(c.a).apply(text(c.doc)).toString()).toBe(c.want);
      expect(json(read(c.a).invert(text(c.doc)))).toEqual(c.invert);
    }
  });

  it("mapPos", () => {
    for (const c of cases<{ a: Changes; before: number[]; after: number[] }>("mappos.json")) {
      c.before.forEach((want, pos) => expect(read(c.a).mapPos(pos, -1)).toBe(want));
      c.after.forEach((want, pos) => expect(read(c.a).mapPos(pos, 1)).toBe(want));
    }
  });

  it("parse, into the canonical form", () => {
    for (const c of cases<{ json: string; js: boolean; want: Changes | null }>("parse.json")) {
      if (!c.js || c.want === null) continue;
      expect(json(parseChanges(JSON.parse(c.json) as Changes)), c.json).toEqual(c.want);
    }
  });
});
