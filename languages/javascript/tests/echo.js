const lines = require("node:readline").createInterface({ input: process.stdin });
lines.on("line", (line) => console.log("you said: " + line));
