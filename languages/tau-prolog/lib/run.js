// Reads a program, calls main/0, and ends with 1 where either failed. The first argument is the package's folder.
"use strict";
const { readFileSync, readSync } = require("fs");
const [packageFolder, file] = process.argv.slice(2);

if (file === "--version") {
	console.log("tau-prolog " + require(packageFolder + "/package.json").version);
	process.exit(0);
}

const prolog = require(packageFolder);
require(packageFolder + "/modules/lists")(prolog);
require(packageFolder + "/modules/format")(prolog);

const session = prolog.create(Infinity);

// Standard input as the package reads it wants a terminal, and has no end.
const input = { text: "", ended: false };
session.standard_input.stream = {
	get(length) {
		while (!input.ended && input.text.length < length) fill();
		if (input.text === "") return "end_of_stream";
		const text = input.text.slice(0, length);
		input.text = input.text.slice(length);
		return text;
	},
	eof: () => input.ended && input.text === "",
};

// fill reads to the end of a line, so that no character is cut in two.
function fill() {
	const bytes = [];
	const one = Buffer.alloc(1);
	while (bytes.at(-1) !== 10) {
		if (readSync(0, one) === 0) {
			input.ended = true;
			break;
		}
		bytes.push(one[0]);
	}
	input.text += Buffer.from(bytes).toString("utf8");
}

function failed(why) {
	console.error(typeof why === "string" ? why : session.format_answer(why));
	process.exitCode = 1;
}

session.consult(readFileSync(file, "utf8"), {
	success: () => session.query("main.", {
		success: () => session.answer({
			success: () => {},
			fail: () => failed("main: false"),
			error: failed,
			limit: () => failed("main: too many steps"),
		}),
		error: failed,
	}),
	error: failed,
});
