// Usage: node run.cjs main.jsonata. Prints the value of the expression: text as it is, anything else as JSON. The standard
// input is read when the expression asks for it: $stdin() is its text, and $eval($stdin()) what its JSON says.
const { readFileSync } = require('node:fs');
const jsonata = require('jsonata');

/** Turns the offset of a mistake into line and column. */
function place(text, offset) {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${before[before.length - 1].length + 1}`;
}

async function main(file) {
  const text = readFileSync(file, 'utf8');
  try {
    const expression = jsonata(text);
    expression.registerFunction('stdin', () => readFileSync(0, 'utf8'), '<:s>');
    const value = await expression.evaluate(undefined);
    if (value !== undefined) console.log(typeof value === 'string' ? value : JSON.stringify(value, null, 2));
  } catch (error) {
    console.error(`${file}:${place(text, error.position ?? 0)}: ${error.message}`);
    process.exitCode = 1;
  }
}

main(process.argv[2]);
