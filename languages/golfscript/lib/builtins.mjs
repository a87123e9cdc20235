import { small } from './machine.mjs';
import {
  Block,
  Mistake,
  array,
  block,
  compare,
  elements,
  kind,
  like,
  number,
  raised,
  same,
  shown,
  string,
  truthy,
  written,
} from './values.mjs';

const bit = (is) => (is ? 1n : 0n);
const joined = (lists) => lists.reduce((all, list) => all.concat(list), []);

/** Rounds down, as the language does. */
function divided(a, b) {
  if (b === 0n) throw new Mistake('a number is divided by 0');
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** Two values of one kind: the lower one was raised. */
function pair(m) {
  const [b, a] = [m.pop(), m.pop()];
  const to = Math.max(kind(a), kind(b));
  return [raised(a, to), raised(b, to), to];
}

function add(m) {
  const [a, b, to] = pair(m);
  if (to === block) m.push(new Block(`${a.source} ${b.source}`));
  else m.push(to === array ? [...a, ...b] : a + b);
}

/** An operation on the bits of numbers, or on the elements of sets. */
function setOperation(bits, sets) {
  return (m) => {
    const [a, b, to] = pair(m);
    if (to === number) return m.push(bits(a, b));
    if (to === block) throw new Mistake('a block is not a set');
    const [x, y] = [elements(a), elements(b)];
    return m.push(like(a, sets(x, y, (list, v) => list.some((e) => same(e, v)))));
  };
}

const unique = (list) => list.filter((v, i) => list.findIndex((e) => same(e, v)) === i);

/** Cuts a list where another one stands in it. */
function split(a, b) {
  const [list, mark] = [elements(a), elements(b)];
  if (mark.length === 0) return list.map((v) => like(a, [v]));
  const parts = [];
  let from = 0;
  for (let i = 0; i <= list.length; i++) {
    if (i + mark.length > list.length || !mark.every((v, k) => same(v, list[i + k]))) continue;
    parts.push(like(a, list.slice(from, i)));
    from = i + mark.length;
    i = from - 1;
  }
  return [...parts, like(a, list.slice(from))];
}

function times(m) {
  const [low, high] = m.popOrdered();
  if (kind(low) === number && kind(high) === number) return m.push(low * high);
  if (kind(low) === number) {
    const count = small(low, 'a count');
    if (kind(high) === block) for (let i = 0; i < count; i++) m.go(high);
    else m.push(like(high, joined(Array.from({ length: Math.max(0, count) }, () => elements(high)))));
    return undefined;
  }
  if (kind(high) === block) return fold(m, elements(low), high);
  if (kind(low) === array && kind(high) === string) return m.push(low.map(shown).join(high));
  const [list, between] = [elements(low), elements(high)];
  return m.push(like(high, joined(list.map((v, i) => (i === 0 ? raised(v, array) : [...between, ...elements(raised(v, array))])))));
}

function fold(m, list, code) {
  list.forEach((v, i) => {
    m.push(v);
    if (i > 0) m.go(code);
  });
}

function divide(m) {
  const [b, a] = [m.pop(), m.pop()];
  if (kind(a) === number && kind(b) === number) return m.push(divided(a, b));
  if (kind(a) === block && kind(b) === block) return unfold(m, a, b);
  const [low, high] = kind(a) > kind(b) ? [b, a] : [a, b];
  if (kind(high) === block) {
    for (const v of elements(low)) {
      m.push(v);
      m.go(high);
    }
    return undefined;
  }
  if (kind(low) !== number) return m.push(split(raised(a, kind(high)), raised(b, kind(high))));
  const size = small(low, 'a size');
  if (size < 1) throw new Mistake('parts must have a size of at least 1');
  const list = elements(high);
  const parts = [];
  for (let i = 0; i < list.length; i += size) parts.push(like(high, list.slice(i, i + size)));
  return m.push(parts);
}

/** Collects values while a condition holds. */
function unfold(m, condition, code) {
  const found = [];
  for (;;) {
    m.copy(0);
    m.go(condition);
    if (!truthy(m.pop())) break;
    m.copy(0);
    found.push(m.pop());
    m.go(code);
  }
  m.pop();
  m.push(found);
}

function modulo(m) {
  const [b, a] = [m.pop(), m.pop()];
  if (kind(a) === number && kind(b) === number) return m.push(a - b * divided(a, b));
  const [low, high] = kind(a) > kind(b) ? [b, a] : [a, b];
  if (kind(high) === block) {
    m.open();
    for (const v of elements(low)) {
      m.push(v);
      m.go(high);
    }
    return m.push(like(low, m.close()));
  }
  if (kind(low) !== number) {
    const parts = split(raised(a, kind(high)), raised(b, kind(high)));
    return m.push(parts.filter((part) => part.length > 0));
  }
  const step = small(low, 'a step');
  if (step === 0) throw new Mistake('a step must not be 0');
  const list = step < 0 ? [...elements(high)].reverse() : elements(high);
  return m.push(like(high, list.filter((_, i) => i % Math.abs(step) === 0)));
}

function minus(m) {
  const [a, b, to] = pair(m);
  if (to === number) return m.push(a - b);
  const not = elements(b);
  return m.push(like(a, elements(a).filter((v) => !not.some((e) => same(e, v)))));
}

/** A comparison or, where a number meets a list, what stands at or before or behind a place in it. */
function comparison(test, part) {
  return (m) => {
    const [b, a] = [m.pop(), m.pop()];
    if ((kind(a) === number) === (kind(b) === number)) return m.push(bit(test(compare(a, b))));
    const [place, list] = kind(a) === number ? [a, b] : [b, a];
    if (kind(list) === block) throw new Mistake('a block has no places');
    return part(m, list, Number(place));
  };
}

function sort(m) {
  const top = m.pop();
  if (kind(top) === number) return m.copy(Number(top));
  if (kind(top) !== block) return m.push(like(top, [...elements(top)].sort(compare)));
  const list = m.pop();
  const keyed = elements(list).map((v) => [m.answer(top, v), v]);
  return m.push(like(list, keyed.sort((x, y) => compare(x[0], y[0])).map((x) => x[1])));
}

function comma(m) {
  const top = m.pop();
  if (kind(top) === number) return m.push(Array.from({ length: Math.max(0, Number(top)) }, (_, i) => BigInt(i)));
  if (kind(top) !== block) return m.push(BigInt(top.length));
  const list = m.pop();
  return m.push(like(list, elements(list).filter((v) => truthy(m.answer(top, v)))));
}

function question(m) {
  const [b, a] = [m.pop(), m.pop()];
  if (kind(a) === number && kind(b) === number) return m.push(a ** b);
  const [low, high] = kind(a) > kind(b) ? [b, a] : [a, b];
  if (kind(high) === block) {
    const found = elements(low).find((v) => truthy(m.answer(high, v)));
    return found === undefined ? undefined : m.push(found);
  }
  if (kind(low) === string) return m.push(BigInt(a.indexOf(b)));
  return m.push(BigInt(elements(high).findIndex((v) => same(v, low))));
}

/** One less, or the first element taken off; or the same from the other end. */
function end(change, rest, taken) {
  return (m) => {
    const v = m.pop();
    if (kind(v) === number) return m.push(v + change);
    const list = elements(v);
    if (list.length === 0) throw new Mistake('there is nothing to take off an empty list');
    return m.push(like(v, rest(list)), list.at(taken));
  };
}

function tilde(m) {
  const v = m.pop();
  if (kind(v) === number) m.push(~v);
  else if (kind(v) === array) m.push(...v);
  else m.run(kind(v) === string ? v : v.source);
}

function loop(goesOn) {
  return (m) => {
    const [code, condition] = [m.pop(), m.pop()];
    const holds = () => {
      m.go(condition);
      return truthy(m.pop()) === goesOn;
    };
    while (holds()) m.go(code);
  };
}

function base(m) {
  const [radix, v] = [m.pop(), m.pop()];
  if (kind(v) !== number) return m.push(elements(v).reduce((sum, digit) => sum * radix + digit, 0n));
  if (radix < 2n) throw new Mistake('a base must be at least 2');
  const digits = [];
  for (let rest = v < 0n ? -v : v; rest > 0n; rest /= radix) digits.unshift(rest % radix);
  return m.push(digits);
}

function zip(m) {
  const rows = m.pop();
  const width = Math.max(0, ...rows.map((row) => row.length));
  const column = (i) => rows.map((row) => elements(row)[i]).filter((v) => v !== undefined);
  m.push(Array.from({ length: width }, (_, i) => like(rows[0], column(i))));
}

/** What each name does. Programs may give any of them another meaning. */
export const builtins = {
  '~': tilde,
  '`': (m) => m.push(written(m.pop())),
  '!': (m) => m.push(bit(!truthy(m.pop()))),
  '@': (m) => {
    const [c, b, a] = [m.pop(), m.pop(), m.pop()];
    m.push(b, c, a);
  },
  $: sort,
  '+': add,
  '-': minus,
  '*': times,
  '/': divide,
  '%': modulo,
  '|': setOperation((a, b) => a | b, (a, b) => unique([...a, ...b])),
  '&': setOperation((a, b) => a & b, (a, b, has) => unique(a).filter((v) => has(b, v))),
  '^': setOperation((a, b) => a ^ b, (a, b, has) => unique([...a.filter((v) => !has(b, v)), ...b.filter((v) => !has(a, v))])),
  '[': (m) => m.open(),
  ']': (m) => m.push(m.close()),
  '\\': (m) => m.push(m.pop(), m.pop()),
  ';': (m) => m.pop(),
  '<': comparison((order) => order < 0, (m, list, n) => m.push(list.slice(0, n))),
  '>': comparison((order) => order > 0, (m, list, n) => m.push(list.slice(n))),
  '=': comparison((order) => order === 0, (m, list, n) => {
    const found = elements(list).at(n);
    if (found !== undefined) m.push(found);
  }),
  ',': comma,
  '.': (m) => m.copy(0),
  '?': question,
  '(': end(-1n, (list) => list.slice(1), 0),
  ')': end(1n, (list) => list.slice(0, -1), -1),
  and: (m) => {
    const [b, a] = [m.pop(), m.pop()];
    m.go(truthy(a) ? b : a);
  },
  or: (m) => {
    const [b, a] = [m.pop(), m.pop()];
    m.go(truthy(a) ? a : b);
  },
  xor: (m) => {
    const [b, a] = [m.pop(), m.pop()];
    m.push(truthy(a) ? bit(!truthy(b)) : b);
  },
  if: (m) => {
    const [no, yes, condition] = [m.pop(), m.pop(), m.pop()];
    m.go(truthy(condition) ? yes : no);
  },
  while: loop(true),
  until: loop(false),
  do: (m) => {
    const code = m.pop();
    do m.go(code);
    while (truthy(m.pop()));
  },
  abs: (m) => {
    const v = m.pop();
    m.push(v < 0n ? -v : v);
  },
  base,
  zip,
  n: '\n',
  print: (m) => m.print(m.pop()),
  puts: (m) => m.print(`${shown(m.pop())}\n`),
  p: (m) => m.print(`${written(m.pop())}\n`),
  rand: (m) => m.push(BigInt(Math.floor(Math.random() * Number(m.pop())))),
};
