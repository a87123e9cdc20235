import * as readline from "node:readline";

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", (line: string) => console.log("you said: " + line));
