// Usage: node golfscript.mjs main.gs. An interpreter of GolfScript, written after its description.
//
// The stack begins with the standard input as a string, when that is not a terminal, and what is left on it is printed at the
// end. Source, strings and streams are bytes.
import { readFileSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';

import { builtins } from './builtins.mjs';
import { Machine } from './machine.mjs';
import { Mistake } from './values.mjs';

function write(text) {
  for (let rest = Buffer.from(text, 'latin1'); rest.length > 0; ) rest = rest.subarray(writeSync(1, rest));
}

function main(file) {
  if (file === '--version') {
    write('GolfScript 1.0\n');
    return;
  }
  const machine = new Machine(builtins, write);
  machine.push(isatty(0) ? '' : readFileSync(0, 'latin1'));
  try {
    machine.run(readFileSync(file, 'latin1'));
    machine.finish();
  } catch (error) {
    // The others are what JavaScript says to numbers with strings, and to blocks that call themselves for ever.
    if (!(error instanceof Mistake || error instanceof TypeError || error instanceof RangeError)) throw error;
    write('\n');
    console.error(`${file}: ${error.message}`);
    process.exitCode = 1;
  }
}

main(process.argv[2]);
