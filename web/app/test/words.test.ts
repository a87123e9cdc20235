import type { RunView } from "@codecollab/client";
import { expect, test } from "vitest";
import { bytes, duration, roomTitle } from "../src/lib/format";
import { nameProblem } from "../src/room/files/names";
import { runWords } from "../src/room/output/run-words";
import { markOf } from "../src/room/status/save-words";
import { en } from "../src/words/en";

type Finish = NonNullable<RunView["finish"]>;

function run(state: RunView["state"], finish?: Partial<Finish>, place?: number): RunView {
  return {
    run: 9,
    at: 0,
    by: "p1",
    request: { file: "f", language: "python" },
    state,
    output: [],
    omitted: 0,
    ...(place === undefined ? {} : { place }),
    ...(finish === undefined ? {} : { finish: { run: 9, stage: "run", outcome: "exited", wall: 0, cpu: 0, memory: 0, output: [], ...finish } }),
  };
}

test.each([
  [run("requested"), "waiting to start"],
  [run("queued", undefined, 2), "queued, place 2"],
  [run("compiling"), "compiling"],
  [run("running"), "running"],
  [run("waiting"), "waiting for input"],
  [{ ...run("running"), attempt: 2 }, "running, second try"],
  [run("finished", { code: 0 }), "exit 0"],
  [run("finished", { code: 1 }), "exit 1"],
  [run("finished", { stage: "compile", code: 1 }), "did not compile"],
  [run("finished", { outcome: "timeout", wall: 10_004 }), "timed out after 10 s"],
  [run("finished", { outcome: "timeout", wall: 2_500 }), "timed out after 2.5 s"],
  [run("finished", { outcome: "cpu", cpu: 5_000 }), "out of CPU time after 5 s"],
  [run("finished", { outcome: "memory" }), "out of memory"],
  [run("finished", { outcome: "stopped", by: "p2" }), "stopped by Ben"],
  [run("finished", { outcome: "signal", signal: "SIGSEGV" }), "signal SIGSEGV"],
  [run("finished", { outcome: "failed", message: "the sandbox is gone" }), "could not be run"],
])("a run in words: %#", (view, words) => {
  expect(runWords(view, (person) => (person === "p2" ? "Ben" : person)).text).toBe(words);
});

test.each([
  [{ kind: "saved", version: 1280 }, 0, "All saved at version 1,280"],
  [{ kind: "saved", version: 1280 }, 4, "4 characters only in this browser"],
  [{ kind: "sending", characters: 3 }, 0, "3 characters only in this browser"],
  [{ kind: "sending", characters: 1 }, 2, "3 characters only in this browser"],
  [{ kind: "sending", characters: 0, commands: 1 }, 0, "1 change only in this browser"],
  [{ kind: "sending", characters: 1, fleeting: true }, 0, "1 character only in this tab"],
  [{ kind: "offline", characters: 12 }, 0, "Offline · 12 characters only in this browser"],
  [{ kind: "offline", characters: 0 }, 0, "Offline"],
  [{ kind: "offline", characters: 0, commands: 2, fleeting: true }, 0, "Offline · 2 changes only in this tab"],
  [{ kind: "read-only", characters: 0, reason: "The disk is full." }, 0, "Read-only: The disk is full."],
  [{ kind: "read-only", characters: 2, reason: "The disk is full." }, 0, "Read-only: The disk is full. · 2 characters only in this browser"],
] as const)("the mark says where the text is: %#", (save, left, words) => {
  expect(markOf(save, false, left, en.status).text).toBe(words);
});

test("numbers in words", () => {
  expect([bytes(1), bytes(812), bytes(1_200_000), bytes(999_999), bytes(64_000_000)]).toEqual(["1 byte", "812 bytes", "1.2 MB", "1.0 MB", "64.0 MB"]);
  expect([duration(8), duration(420), duration(12_340), duration(125_000)]).toEqual(["8 ms", "0.42 s", "12.3 s", "2 min 5 s"]);
  expect(roomTitle("calm-heron-abc2def3")).toEqual({ words: "calm-heron", rest: "abc2def3" });
});

test("file names", () => {
  expect(nameProblem("lib/util.py", ["main.py"])).toBeUndefined();
  for (const name of ["", "/etc", "a//b", "../a", "a\\b", "main.py"]) expect(nameProblem(name, ["main.py"])).toBeDefined();
});
