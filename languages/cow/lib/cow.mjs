// Usage: node cow.mjs main.cow. An interpreter of COW, the language of twelve moos, written after its description.
//
// A program is a row of instructions; anything else in the file is a comment. There is a tape of whole numbers that begins at
// the left and has no end at the right, one place on it that is looked at, and a register beside it, empty at first.
//
//	0 moo  go back to the matching MOO                1 mOo  one place to the left
//	2 moO  one place to the right                     3 mOO  do the instruction whose number is here
//	4 Moo  read a byte when 0 is here, or print it    5 MOo  one less
//	6 MoO  one more                                   7 MOO  when 0 is here, go on behind the matching moo
//	8 OOO  write 0                                    9 MMM  copy into the empty register, or out of it and empty it
//	10 OOM print the number and a new line            11 oom read a number from a line
//
// At the end of the input, 0 is read. A moo without its MOO, a step off the left end and a number without an instruction are
// mistakes: they end the program with status 1.
import { readFileSync, readSync, writeSync } from 'node:fs';

const names = ['moo', 'mOo', 'moO', 'mOO', 'Moo', 'MOo', 'MoO', 'MOO', 'OOO', 'MMM', 'OOM', 'oom'];
const back = 0;
const indirect = 3;
const loop = 7;

/** A mistake in the program, at an instruction. */
class Mistake extends Error {
  constructor(message, at) {
    super(message);
    this.at = at;
  }
}

/** The instructions of a text, as numbers, and where in the text each one stands. */
function parse(text) {
  const found = [...text.matchAll(new RegExp(names.join('|'), 'g'))];
  return { code: found.map((m) => names.indexOf(m[0])), places: found.map((m) => m.index) };
}

/** For each loop's first instruction its last one, and the other way round. One that has no partner is not in it. */
function partners(code) {
  const pairs = new Map();
  const open = [];
  code.forEach((instruction, at) => {
    if (instruction === loop) open.push(at);
    if (instruction !== back || open.length === 0) return;
    const start = open.pop();
    pairs.set(start, at).set(at, start);
  });
  return pairs;
}

/** The standard input, byte by byte. */
class Input {
  #one = Buffer.alloc(1);

  /** Returns the next byte, or undefined at the end. */
  byte() {
    try {
      return readSync(0, this.#one, 0, 1, null) === 1 ? this.#one[0] : undefined;
    } catch (error) {
      if (error.code === 'EOF') return undefined;
      throw error;
    }
  }

  number() {
    let line = '';
    for (let b = this.byte(); b !== undefined && b !== 10; b = this.byte()) line += String.fromCharCode(b);
    return Number.parseInt(line, 10) || 0;
  }
}

/** The standard output; what is printed is kept back until there is much of it, or somebody may be waiting. */
class Output {
  #bytes = [];

  add(...bytes) {
    this.#bytes.push(...bytes);
    if (this.#bytes.length > 4096) this.flush();
  }

  flush() {
    for (let rest = Buffer.from(this.#bytes); rest.length > 0; ) rest = rest.subarray(writeSync(1, rest));
    this.#bytes = [];
  }
}

/** Runs a program to its end. */
function run(code, input, output) {
  const pairs = partners(code);
  const tape = [0];
  let here = 0;
  let register;
  let at = 0;

  const matching = (message) => {
    if (!pairs.has(at)) throw new Mistake(message, at);
    return pairs.get(at);
  };
  const read = (what) => {
    output.flush();
    return what();
  };
  const actions = [
    () => (at = matching('this moo has no MOO') - 1),
    () => {
      if (here === 0) throw new Mistake('there is nothing left of the first place', at);
      here--;
    },
    () => {
      if (++here === tape.length) tape.push(0);
    },
    () => {
      const action = tape[here] === indirect ? undefined : actions[tape[here]];
      if (!action) throw new Mistake(`${tape[here]} is not the number of an instruction that mOO could do`, at);
      action();
    },
    () => {
      if (tape[here] === 0) tape[here] = read(() => input.byte()) ?? 0;
      else output.add(tape[here] & 255);
    },
    () => tape[here]--,
    () => tape[here]++,
    () => {
      if (tape[here] === 0) at = matching('this MOO has no moo');
    },
    () => (tape[here] = 0),
    () => {
      if (register === undefined) register = tape[here];
      else [tape[here], register] = [register, undefined];
    },
    () => output.add(...Buffer.from(`${tape[here]}\n`)),
    () => (tape[here] = read(() => input.number())),
  ];
  for (; at < code.length; at++) actions[code[at]]();
}

function main(file) {
  if (file === '--version') {
    console.log('COW 1.0');
    return;
  }
  const text = readFileSync(file, 'latin1');
  const { code, places } = parse(text);
  const output = new Output();
  try {
    run(code, new Input(), output);
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    const before = text.slice(0, places[error.at]).split('\n');
    output.flush();
    console.error(`${file}:${before.length}:${before.at(-1).length + 1}: ${error.message}`);
    process.exitCode = 1;
  }
  output.flush();
}

main(process.argv[2]);
