import { ChangeSet, Text } from "@codemirror/state";

/** A place as editors count: from 0, in UTF-16 units within the line. */
export type Place = { readonly line: number; readonly character: number };

/** One replacement as an editor tells it. */
export type Replacement = { readonly start: Place; readonly end: Place; readonly text: string };

/** The text of a string, whatever its line ends are. */
export function textOf(s: string): Text {
  return Text.of(s.replace(/\r\n?/g, "\n").split("\n"));
}

/** The offset of a place; one beyond the end of its line, or of the text, is brought back. */
export function offsetOf(text: Text, { line, character }: Place): number {
  if (line < 0) return 0;
  if (line >= text.lines) return text.length;
  const { from, length } = text.line(line + 1);
  return from + Math.min(Math.max(character, 0), length);
}

/** The place of an offset. */
export function placeOf(text: Text, offset: number): Place {
  const at = Math.min(Math.max(offset, 0), text.length);
  const line = text.lineAt(at);
  return { line: line.number - 1, character: at - line.from };
}

/** What an editor has changed, where each replacement speaks of the text that the ones before it leave. */
export function changesOf(text: Text, replacements: readonly Replacement[]): ChangeSet {
  const specs = replacements.map(({ start, end, text: insert }) => ({ from: offsetOf(text, start), to: offsetOf(text, end), insert: textOf(insert) }));
  // From the end to the beginning, as editors nearly always have them, they do not touch each other's places.
  if (specs.every(({ to }, i) => i === 0 || to <= (specs[i - 1]?.from ?? 0))) return ChangeSet.of(specs, text.length);
  let all = ChangeSet.empty(text.length);
  let now = text;
  for (const { start, end, text: insert } of replacements) {
    const one = ChangeSet.of({ from: offsetOf(now, start), to: offsetOf(now, end), insert: textOf(insert) }, now.length);
    now = one.apply(now);
    all = all.compose(one);
  }
  return all;
}

/** The same for an editor: all of them speak of the text before. */
export function replacementsOf(text: Text, changes: ChangeSet): Replacement[] {
  const all: Replacement[] = [];
  changes.iterChanges((from, to, _fromB, _toB, inserted) => {
    all.push({ start: placeOf(text, from), end: placeOf(text, to), text: inserted.toString() });
  });
  return all;
}

/**
 * A text of a room as documents show it: other clients may have put carriage returns there, which VS Code takes for ends of lines. Each is
 * shown as one, so that places stay the same.
 */
export function shownText(text: Text): Text {
  const whole = text.toString();
  return whole.includes("\r") ? Text.of(whole.replaceAll("\r", "\n").split("\n")) : text;
}

/** The same of changes. */
export function shownChanges(changes: ChangeSet): ChangeSet {
  let odd = false;
  const specs: { from: number; to: number; insert: Text }[] = [];
  changes.iterChanges((from, to, _fromB, _toB, inserted) => {
    const insert = shownText(inserted);
    odd ||= insert !== inserted;
    specs.push({ from, to, insert });
  });
  return odd ? ChangeSet.of(specs, changes.length) : changes;
}
