// lolcode.js PACKAGE PROGRAM: translates the program with the npm package, and runs it on standard input and output.
// lolcode.js PACKAGE --version: says which one that is.
"use strict";
const fs = require("fs");

const [folder, file] = process.argv.slice(2);
if (file === "--version") {
  console.log("lolcode", require(folder + "/package.json").version);
  process.exit(0);
}

// What GIMMEH becomes is a call of prompt, which browsers have: here it reads a line, and gives NOOB at the end of the input.
globalThis.prompt = () => {
  const bytes = [];
  const one = Buffer.alloc(1);
  for (;;) {
    const ended = fs.readSync(0, one, 0, 1, null) === 0;
    if (ended && bytes.length === 0) return null;
    if (ended || one[0] === 10) return Buffer.from(bytes).toString("utf8");
    bytes.push(one[0]);
  }
};

function fail(message) {
  console.error(`${file}: ${message}`);
  process.exit(1);
}

require(folder + "/parser.js")(fs.readFileSync(file, "utf8"), (err, warning, program) => {
  if (err) fail(err);
  if (warning) console.error(warning);
  try {
    (0, eval)(program);
  } catch (e) {
    fail(e);
  }
});
