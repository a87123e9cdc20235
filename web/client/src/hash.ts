import type { Text } from "@codemirror/state";

const known = new WeakMap<Text, number>();

/**
 * The 32-bit FNV-1a hash of a text's UTF-16 code units, the low byte of each before its high byte. It is the server's
 * hash; texts are immutable, and the hash of one is computed once.
 */
export function hashOf(text: Text): number {
  const before = known.get(text);
  if (before !== undefined) return before;
  let h = 0x811c9dc5;
  for (const piece of text.iter()) {
    for (let i = 0; i < piece.length; i++) {
      const unit = piece.charCodeAt(i);
      h = Math.imul(h ^ (unit & 0xff), 0x01000193);
      h = Math.imul(h ^ (unit >>> 8), 0x01000193);
    }
  }
  h >>>= 0;
  known.set(text, h);
  return h;
}
