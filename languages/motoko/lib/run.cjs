// Usage: node run.cjs main.mo. Interprets the file, with the core library and the other .mo files of the folder. When it ends
// in a value, the interpreter prints that and its type; that of a program that ends in none, "() : ()", is left out.
const { readdirSync, readFileSync } = require('node:fs');
const motoko = require('motoko/interpreter');

const [file] = process.argv.slice(2);
motoko.loadPackage(require('motoko/packages/latest/core.json'));
for (const name of readdirSync('.')) {
  if (name.endsWith('.mo')) motoko.write(name, readFileSync(name, 'utf8'));
}
const { stdout, stderr, result } = motoko.run(file);
process.stdout.write(stdout.replace(/\(\) : \(\)\n$/, ''));
process.stderr.write(stderr);
if (result.error) process.exitCode = 1;
