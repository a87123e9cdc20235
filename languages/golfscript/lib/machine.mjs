import { Block, Mistake, block, kind, number, shown } from './values.mjs';

const token = /[a-zA-Z_][a-zA-Z0-9_]*|'(?:\\[^]|[^'\\])*'?|"(?:\\[^]|[^"\\])*"?|-?[0-9]+|#[^\n\r]*|[^]/g;
const escapes = { n: '\n', t: '\t', r: '\r', 0: '\0', a: '\x07', b: '\b', e: '\x1b', s: ' ', v: '\v', f: '\f' };

/** The text that a string in quotes stands for. */
function unquoted(word) {
  const inside = word.slice(1, word.length > 1 && word.endsWith(word[0]) ? -1 : undefined);
  if (word[0] === "'") return inside.replace(/\\([\\'])/g, '$1');
  return inside.replace(/\\(?:x([0-9a-fA-F]{1,2})|([^]))/g, (_, hex, c) =>
    hex === undefined ? (escapes[c] ?? c) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** The stack, the names and what can be done with them. */
export class Machine {
  #stack = [];
  #opened = []; // how high the stack was at each [
  #names = new Map();
  #parsed = new Map();
  #write;

  constructor(builtins, write) {
    this.#write = write;
    for (const [name, action] of Object.entries(builtins)) this.#names.set(name, action);
  }

  push(...values) {
    this.#stack.push(...values);
  }

  pop() {
    if (this.#stack.length === 0) throw new Mistake('the stack is empty, and another value is needed');
    const value = this.#stack.pop();
    for (let i = this.#opened.length - 1; i >= 0 && this.#opened[i] > this.#stack.length; i--) {
      this.#opened[i] = this.#stack.length;
    }
    return value;
  }

  /** Takes two values; the one of the higher kind is the second of them. */
  popOrdered() {
    const [b, a] = [this.pop(), this.pop()];
    return kind(a) > kind(b) ? [b, a] : [a, b];
  }

  /** Copies the value that lies so many places under the top one. */
  copy(depth) {
    const at = this.#stack.length - 1 - depth;
    if (!(at in this.#stack)) throw new Mistake(`there are not ${depth + 1} values on the stack`);
    this.push(this.#stack[at]);
  }

  open() {
    this.#opened.push(this.#stack.length);
  }

  /** Takes what was put on the stack since the last open. */
  close() {
    return this.#stack.splice(this.#opened.pop() ?? 0);
  }

  /** Does a block, or puts any other value on the stack. */
  go(value) {
    if (typeof value === 'function') value(this);
    else if (kind(value) === block) this.run(value.source);
    else this.push(value);
  }

  /** Does a block with a value on the stack, and says what it leaves there. */
  answer(code, value) {
    this.push(value);
    this.go(code);
    return this.pop();
  }

  print(value) {
    this.#write(shown(value));
  }

  /** Prints all that is left. */
  finish() {
    this.#write(`${shown(this.#stack)}\n`);
  }

  run(source) {
    let steps = this.#parsed.get(source);
    if (steps === undefined) {
      const words = source.match(token) ?? [];
      steps = this.#parse(words, 0, false).steps;
      this.#parsed.set(source, steps);
    }
    for (const step of steps) step();
  }

  /** Reads words up to the end, or up to the } of a block. */
  #parse(words, at, inBlock) {
    const steps = [];
    for (; at < words.length; at++) {
      const word = words[at];
      if (word === '}' && inBlock) break;
      if (word === '{') {
        const end = this.#parse(words, at + 1, true).at;
        const code = new Block(words.slice(at + 1, end).join(''));
        steps.push(() => this.push(code));
        at = end;
      } else if (word === ':') {
        const name = words[++at];
        steps.push(() => this.#assign(name));
      } else if (!word.startsWith('#')) {
        steps.push(this.#step(word));
      }
    }
    return { steps, at };
  }

  #assign(name) {
    const value = this.pop();
    this.push(value);
    this.#names.set(name, value);
  }

  /** What a word does: what its name stands for or else, if it is one, a number or a string. Other words do nothing. */
  #step(word) {
    let literal;
    if (/^["']/.test(word)) literal = unquoted(word);
    else if (/^-?[0-9]/.test(word)) literal = BigInt(word);
    return () => {
      const value = this.#names.get(word) ?? literal;
      if (value !== undefined) this.go(value);
    };
  }
}

/** A number that counts places or times, as JavaScript needs it. */
export function small(v, what) {
  if (kind(v) !== number) throw new Mistake(`${what} must be a number, not ${shown(v)}`);
  return Number(v);
}
