// The four kinds of values, from the lowest to the highest: whole numbers (BigInt), arrays, strings (a character a byte) and
// blocks. Where two kinds meet, the lower one is turned into the higher one.

/** A mistake in the program that runs. */
export class Mistake extends Error {}

/** Code that has not been done yet. */
export class Block {
  constructor(source) {
    this.source = source;
  }
}

export const number = 0;
export const array = 1;
export const string = 2;
export const block = 3;

export function kind(v) {
  if (typeof v === 'bigint') return number;
  if (Array.isArray(v)) return array;
  return typeof v === 'string' ? string : block;
}

/** False are 0, and what is empty. */
export function truthy(v) {
  return [() => v !== 0n, () => v.length > 0, () => v !== '', () => v.source !== ''][kind(v)]();
}

/** What is printed of a value. */
export function shown(v) {
  return [() => v.toString(), () => v.map(shown).join(''), () => v, () => `{${v.source}}`][kind(v)]();
}

function escaped(c) {
  if (c === '\n') return '\\n';
  return /[ -~]/.test(c) ? `\\${c}` : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** A value as the language would write it. */
export function written(v) {
  const quoted = () => `"${v.replace(/["\\\n]|[^ -~]/g, escaped)}"`;
  return [() => v.toString(), () => `[${v.map(written).join(' ')}]`, quoted, () => `{${v.source}}`][kind(v)]();
}

/** The bytes of an array, for a string: numbers are bytes, and arrays and strings in it count with all they hold. */
function flattened(v) {
  if (kind(v) === number) return String.fromCharCode(Number(v & 255n));
  return kind(v) === array ? v.map(flattened).join('') : v;
}

/** Turns a value into one of a kind that is not lower. */
export function raised(v, to) {
  if (kind(v) >= to) return v;
  if (to === array) return [v];
  if (to === string) return kind(v) === number ? v.toString() : flattened(v);
  return new Block(kind(v) === array ? v.map(written).join(' ') : shown(v));
}

/** The elements of an array or a string: those of a string are numbers. */
export function elements(v) {
  if (kind(v) === number || kind(v) === block) throw new Mistake(`${shown(v)} is neither an array nor a string`);
  return kind(v) === string ? [...v].map((c) => BigInt(c.charCodeAt(0))) : v;
}

/** A value like the one that is given: a string if that is one, and an array otherwise. */
export function like(model, list) {
  return kind(model) === string ? flattened(list) : list;
}

/** Compares two values: negative, 0 or positive. */
export function compare(a, b) {
  const to = Math.max(kind(a), kind(b));
  const [x, y] = [raised(a, to), raised(b, to)];
  if (to === block) return compare(x.source, y.source);
  if (to !== array) return x < y ? -1 : Number(x > y);
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const order = compare(x[i], y[i]);
    if (order !== 0) return order;
  }
  return x.length - y.length;
}

export const same = (a, b) => kind(a) === kind(b) && compare(a, b) === 0;
