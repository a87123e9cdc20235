// The npm package piston-client, as its readme uses it, against the runner: CODECOLLAB_BIN names the program.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";

import piston from "piston-client";

let runner;
let client;

before(async () => {
  const bin = process.env.CODECOLLAB_BIN;
  assert.ok(bin, "CODECOLLAB_BIN must name the program");
  // Announcing, the runner says where it listens, and ends when its standard input does.
  runner = spawn(bin, ["runner", "--addr=127.0.0.1:0", `--runner-data=${process.env.RUNNER_TEST_DATA ?? "/var/cache/codecollab"}`], {
    env: { ...process.env, CODECOLLAB_ANNOUNCE: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  for await (const line of createInterface(runner.stdout)) {
    const server = line.match(/^ready (\S+)/)?.[1];
    if (server) {
      client = piston({ server });
      return;
    }
  }
  throw new Error("the runner did not start");
});

after(() => runner?.stdin.end());

test("runtimes", async () => {
  const runtimes = await client.runtimes();
  const bash = runtimes.find((r) => r.language === "bash");
  assert.match(bash.version, /^\d+\.\d+\.\d+/);
  assert.ok(bash.aliases.includes("sh"));
});

test("execute(language, code)", async () => {
  const result = await client.execute("python", 'print("Hello World!")');
  assert.equal(result.language, "python");
  assert.deepEqual(
    { stdout: result.run.stdout, stderr: result.run.stderr, output: result.run.output, code: result.run.code, signal: result.run.signal },
    { stdout: "Hello World!\n", stderr: "", output: "Hello World!\n", code: 0, signal: null },
  );
});

test("execute(language, code, config)", async () => {
  const result = await client.execute("bash", 'read line; echo "$line" "$@"', { stdin: "in\n", args: ["a", "b c"], runTimeout: 2000 });
  assert.equal(result.run.stdout, "in a b c\n");
});

test("execute(config) with files", async () => {
  const files = [
    { name: "main.py", content: "from helper import shout\nprint(shout('hi'))" },
    { name: "helper.py", content: "def shout(s):\n    return s.upper()" },
  ];
  const result = await client.execute({ language: "python", version: "3.x", files });
  assert.equal(result.run.stdout, "HI\n");
});

test("a compiled language", async () => {
  const good = await client.execute("c", '#include <stdio.h>\nint main(void) { puts("hi"); }');
  assert.equal(good.compile.code, 0);
  assert.equal(good.run.stdout, "hi\n");
  const bad = await client.execute("c", "int main(void) { return x; }");
  assert.equal(bad.compile.code, 1);
  assert.match(bad.run.stderr, /undeclared/);
});

test("a time limit", async () => {
  const result = await client.execute("python", "while True: pass", { runTimeout: 500 });
  assert.equal(result.run.signal, "SIGKILL");
  assert.equal(result.run.code, null);
});

test("errors", async () => {
  const unknown = await client.execute({ language: "klingon", version: "1.0.0", files: [{ content: "" }] });
  assert.deepEqual(unknown, { message: "klingon-1.0.0 runtime is unknown" });
  const tooLong = await client.execute("python", "", { runTimeout: 1e9 });
  assert.match(tooLong.message, /^run_timeout cannot exceed the configured limit of \d+$/);
});
