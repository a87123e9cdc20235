import { ChangeSet, Text } from "@codemirror/state";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyTo, bytesOf, canonical, insertedText, sizeOf, textOf, utf8Length } from "../src/changes";
import { diff } from "../src/diff";
import { hashOf } from "../src/hash";
import { isWhole, splitsPair, wholePairs, wholeString } from "../src/pairs";
import { StreamParser } from "../src/sse";
import { fnv } from "./support/server";

const seed = process.env["CODECOLLAB_SEED"];
const runs = { numRuns: 500, ...(seed === undefined ? {} : { seed: Number(seed) }) };
const word = fc.string({ unit: fc.constantFrom("a", "b", "\n", "é", "😀", "😁", "𐀀") });

describe("texts and changes", () => {
  it("hashes as the protocol says", () => {
    expect(hashOf(Text.empty)).toBe(0x811c9dc5);
    fc.assert(fc.property(word, (s) => void expect(hashOf(textOf(s))).toBe(fnv(s))), runs);
  });

  it("finds differences, and splits no pair", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const change = diff(textOf(a), textOf(b));
        expect(change.apply(textOf(a)).toString()).toBe(b);
        change.iterChanges((fromA, toA, _f, _t, inserted) => {
          expect(splitsPair(textOf(a), fromA) || splitsPair(textOf(a), toA)).toBe(false);
          expect(isWhole(inserted.toString())).toBe(true);
        });
      }),
      runs,
    );
  });

  it("widens changes to whole pairs", () => {
    const doc = textOf("x😀y");
    const low = ChangeSet.of({ from: 2, to: 3, insert: "\ude01" }, 4); // 😀 → 😁 by its second half
    const whole = wholePairs(low, doc);
    expect(JSON.stringify(whole)).toBe('[1,[2,"😁"],1]');
    expect(wholePairs(ChangeSet.of({ from: 2, to: 3 }, 4), doc)).toBeUndefined();
    const fine = ChangeSet.of({ from: 0, insert: "😁" }, 4);
    expect(wholePairs(fine, doc)).toBe(fine);
    fc.assert(
      fc.property(word, fc.nat(), fc.nat(), fc.string({ unit: fc.constantFrom("a", "\ud83d", "\ude00", "😁", "\n") }), (s, p, q, insert) => {
        const text = textOf(s);
        const from = p % (text.length + 1);
        const to = from + (q % (text.length - from + 1));
        const change = ChangeSet.of({ from, to, insert: textOf(insert) }, text.length);
        const widened = wholePairs(change, text);
        const after = change.apply(text).toString();
        expect(widened === undefined).toBe(!isWhole(after));
        if (widened !== undefined) expect(widened.apply(text).toString()).toBe(after);
      }),
      runs,
    );
  });

  it("repairs strings", () => {
    expect(wholeString("a\ud83db😀\ude00")).toBe("a\ufffdb😀\ufffd");
  });

  it("applies many changes as it applies few", () => {
    const doc = textOf("one\n😀two\n".repeat(300));
    const specs = Array.from({ length: 700 }, (_, i) => ({ from: i * 3, to: i * 3 + (i % 3), insert: i % 4 === 0 ? textOf("x\ny") : "" }));
    const change = ChangeSet.of(specs, doc.length);
    expect(change.desc.toJSON().length).toBeGreaterThan(1000);
    expect(applyTo(doc, change).eq(change.apply(doc))).toBe(true);
    expect(applyTo(doc, change).lines).toBe(change.apply(doc).lines);
    expect(() => applyTo(textOf("short"), change)).toThrow(RangeError);
  });

  it("counts", () => {
    const c = ChangeSet.of([{ from: 0, to: 2, insert: "abc" }, { from: 4, insert: "é😀" }], 5);
    expect(sizeOf(c)).toBe(8);
    expect(insertedText(c)).toBe("abc\né😀");
    expect(utf8Length("aé€😀")).toBe(Buffer.byteLength("aé€😀"));
    expect(bytesOf(c)).toBe(Buffer.byteLength(JSON.stringify(c)));
  });

  it("makes inverted changes canonical", () => {
    fc.assert(
      fc.property(word, fc.array(fc.tuple(fc.nat(20), fc.nat(3), word), { maxLength: 5 }), (s, specs) => {
        const doc = textOf(s);
        const changes = specs.map(([at, n, insert]) => {
          const from = Math.min(at, doc.length);
          return ChangeSet.of({ from, to: Math.min(from + n, doc.length), insert: textOf(insert) }, doc.length);
        });
        const all = ChangeSet.of(changes, doc.length);
        const undo = all.invert(doc);
        const c = canonical(undo);
        expect(c.apply(all.apply(doc)).toString()).toBe(s);
        expect(JSON.stringify(canonical(c))).toBe(JSON.stringify(c));
      }),
      runs,
    );
    const odd = ChangeSet.fromJSON([[0, "a"], [0, "b", ""], 0, [1], [2], [0], 3, 4, [0, "", "c"]] as never);
    expect(JSON.stringify(canonical(odd))).toBe('[[0,"ab",""],[3],7,[0,"","c"]]');
  });
});

describe("event streams", () => {
  const stream = ": hello\nevent: open\r\ndata: {\"id\":\"x\"}\r\n\r\ndata: one\ndata:two\n\nid: 5\nretry: 10\n\nevent: ping\rdata:\r\rdata: last\n";

  it("are read in whatever pieces they come", () => {
    const want = [
      { event: "open", data: '{"id":"x"}' },
      { event: "message", data: "one\ntwo" },
      { event: "ping", data: "" },
    ];
    expect(new StreamParser().push(stream)).toEqual(want);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
        const parser = new StreamParser();
        const at = [0, ...cuts.toSorted((x, y) => x - y), stream.length];
        const got = at.flatMap((from, i) => parser.push(stream.slice(from, at[i + 1] ?? stream.length)));
        expect(got).toEqual(want);
      }),
      runs,
    );
  });
});
