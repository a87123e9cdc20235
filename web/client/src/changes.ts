import { ChangeSet, Text } from "@codemirror/state";
import type { Changes } from "./wire.gen";

/** The text of a string whose lines end with a line feed. */
export function textOf(s: string): Text {
  return Text.of(s.split("\n"));
}

/** Reads changes as the protocol carries them, into their canonical form. Throws a RangeError when they are none. */
export function parseChanges(json: Changes): ChangeSet {
  return canonical(ChangeSet.fromJSON(json));
}

/** The changes as the protocol carries them. */
export function changesJSON(set: ChangeSet): Changes {
  return set.toJSON() as Changes;
}

/**
 * The same changes in the form that the server brings every change into: sections without effect are dropped, and
 * neighbours of one sort joined. It is the form of all that CodeMirror makes by itself, except of some inverted changes.
 */
export function canonical(set: ChangeSet): ChangeSet {
  const sections = set.desc.toJSON() as readonly number[];
  let lastLength = -1;
  let lastInserted = -2;
  for (let i = 0; i < sections.length; i += 2) {
    const length = sections[i] ?? 0;
    const inserted = sections[i + 1] ?? 0;
    const joins = i > 0 && ((inserted <= 0 && inserted === lastInserted) || (length === 0 && lastLength === 0));
    if (joins || (length === 0 && inserted <= 0)) return ChangeSet.fromJSON(joined(changesJSON(set)));
    lastLength = length;
    lastInserted = inserted;
  }
  return set;
}

function joined(sections: Changes): Changes {
  const out: (number | readonly [number, ...string[]])[] = [];
  for (const section of sections) {
    const last = out.at(-1);
    if (typeof section === "number") {
      if (section === 0) continue;
      if (typeof last === "number") out[out.length - 1] = last + section;
      else out.push(section);
      continue;
    }
    const [length, ...lines] = section;
    const inserts = lines.join("\n") !== "";
    if (length === 0 && !inserts) continue;
    if (last === undefined || typeof last === "number") {
      out.push(inserts ? section : [length]);
      continue;
    }
    const [lastLength, ...lastLines] = last;
    if (!inserts && lastLines.length === 0) out[out.length - 1] = [lastLength + length];
    else if (length === 0 && lastLength === 0) {
      out[out.length - 1] = [0, ...lastLines.slice(0, -1), (lastLines.at(-1) ?? "") + (lines[0] ?? ""), ...lines.slice(1)];
    } else out.push(inserts ? section : [length]);
  }
  return out;
}

/** Whether the JSON forms of two change sets are the same. */
export function sameChanges(a: ChangeSet, b: ChangeSet): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** From so many sections on, a text is put together anew instead of changed place by place. */
const manySections = 1000;

/**
 * The text after the changes: `changes.apply(text)`, but several times as fast where there are thousands of changes, as
 * after a long absence. Throws a RangeError when they do not fit.
 */
export function applyTo(text: Text, changes: ChangeSet): Text {
  const sections = changes.desc.toJSON() as readonly number[];
  if (sections.length < manySections || changes.length !== text.length) return changes.apply(text);
  const before = text.toString();
  const pieces: string[] = [];
  let pos = 0;
  changes.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
    pieces.push(before.slice(pos, fromA), inserted.toString());
    pos = toA;
  });
  pieces.push(before.slice(pos));
  return textOf(pieces.join(""));
}

const sizes = new WeakMap<ChangeSet, number>();

/** Units inserted and units deleted; counted once for each change set. */
export function sizeOf(set: ChangeSet): number {
  const known = sizes.get(set);
  if (known !== undefined) return known;
  let n = 0;
  set.iterChangedRanges((fromA, toA, fromB, toB) => {
    n += toA - fromA + (toB - fromB);
  });
  sizes.set(set, n);
  return n;
}

/** What a change set inserts, piece by piece in the order of the text, a line feed between the pieces. */
export function insertedText(set: ChangeSet): string {
  const pieces: string[] = [];
  set.iterChanges((_fromA, _toA, _fromB, _toB, inserted) => {
    if (inserted.length > 0) pieces.push(inserted.toString());
  });
  return pieces.join("\n");
}

/** The length of a string in UTF-8, in bytes; half of a surrogate pair counts two. */
export function utf8Length(s: string): number {
  let n = s.length;
  for (let i = 0; i < s.length; i++) {
    const unit = s.charCodeAt(i);
    if (unit >= 0x80) n += unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return n;
}

/** The size of a change set in a message, in bytes. */
export function bytesOf(set: ChangeSet): number {
  return utf8Length(JSON.stringify(set));
}
