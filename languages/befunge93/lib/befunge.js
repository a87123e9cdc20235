// befunge.js PACKAGE PROGRAM: runs the program with the interpreter of the npm package, on standard input and output.
// befunge.js PACKAGE --version: says which one that is.
"use strict";
const fs = require("fs");

const [folder, file] = process.argv.slice(2);
if (file === "--version") {
  console.log("befunge93", require(folder + "/package.json").version);
  process.exit(0);
}

// Input is taken line by line, so that a terminal can answer a prompt.
let waiting = "";
let ended = false;
const end = { charCodeAt: () => -1, toString: () => "-1" };

function readLine() {
  const bytes = [];
  const one = Buffer.alloc(1);
  while (bytes[bytes.length - 1] !== 10) {
    if (fs.readSync(0, one, 0, 1, null) === 0) {
      ended = true;
      break;
    }
    bytes.push(one[0]);
  }
  waiting += Buffer.from(bytes).toString("utf8");
}

function ask(prompt) {
  flush();
  if (waiting === "" && !ended) readLine();
  if (waiting === "") return end;
  const wanted = prompt.startsWith("Enter integer") ? /^\s*-?\d+|^[^\n]*\n?/.exec(waiting)[0] : waiting[0];
  waiting = waiting.slice(wanted.length);
  return wanted;
}

// Output waits for the end of the line: a character beyond U+FFFF comes in two halves.
let line = "";
function flush() {
  if (line !== "") fs.writeSync(1, line);
  line = "";
}

const Befunge = require(folder);
const interpreter = new Befunge();
interpreter.onInput = ask;
interpreter.onOutput = (text) => {
  line += text;
  if (text === "\n" || line.length > 4000) flush();
};
interpreter.run(fs.readFileSync(file, "utf8")).then(flush, (err) => {
  flush();
  console.error(`${file}: at column ${interpreter.x + 1}, line ${interpreter.y + 1}: ${err.message}`);
  process.exit(1);
});
