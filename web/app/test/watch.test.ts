import type { RoomView, RunView } from "@codecollab/client";
import { Text } from "@codemirror/state";
import { expect, test, vi } from "vitest";
import type { LineMark } from "../src/room/problems/marks";
import { ProblemWatch } from "../src/room/problems/watch";

/** A page with one file, and the lines that are marked in it. */
class FakePage {
  now = Text.of(["one", "two", "three"]);
  marks: readonly LineMark[] = [];

  text(): Text {
    return this.now;
  }

  mark(_: string, marks: readonly LineMark[]): void {
    this.marks = marks;
  }

  lines(): number[] {
    return this.marks.map(({ line }) => line);
  }
}

const errors = { errors: ["^(?P<file>[^:]+):(?P<line>\\d+): (?P<message>.*)$"] };

function run(number: number, output?: string): RunView {
  return {
    run: number, at: 0, by: "p", request: { file: "f", language: "x" }, state: output === undefined ? "running" : "finished", output: [], omitted: 0,
    ...(output === undefined
      ? {}
      : { finish: { run: number, stage: "run", outcome: "exited", code: 1, wall: 1, cpu: 1, memory: 1, output: [{ stream: "stderr", data: output }] } }),
  };
}

function view(...runs: RunView[]): RoomView {
  return { status: "ready", files: [{ id: "f", name: "a.x" }], runs } as unknown as RoomView;
}

async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve(); // oxlint-disable-line no-await-in-loop -- one turn after the other
}

test("a run's errors are marked, where their lines are now, and the next run takes the marks away", async () => {
  const page = new FakePage();
  const watch = new ProblemWatch(page, () => Promise.resolve(errors));
  watch.see(view());
  watch.see(view(run(5)));
  await settled();
  page.now = Text.of(["zero", "one", "two", "three"]);
  watch.see(view(run(5, "a.x:2: boom\na.x:3: bang\n")));
  expect(page.lines()).toEqual([3, 4]);
  expect(watch.lineOf(5, { file: "f", line: 2 })).toBe(3);
  watch.see(view(run(5, "a.x:2: boom\n"), run(6)));
  expect(page.lines()).toEqual([]);
});

test("a run that is over before it is seen is marked too, and one from before the page came is not", async () => {
  const page = new FakePage();
  const watch = new ProblemWatch(page, () => Promise.resolve(errors));
  const old = run(3, "a.x:1: old\n");
  watch.see({ ...view(), status: "loading" } as RoomView);
  watch.see(view(old));
  await settled();
  expect(page.lines()).toEqual([]);
  expect(watch.problems(old, view().files)).toHaveLength(0); // its patterns are asked for now
  await settled();
  expect(watch.problems(old, view().files)).toMatchObject([{ line: 1, message: "old" }]);
  watch.see(view(old, run(4, "a.x:2: quick\n")));
  expect(page.lines()).toEqual([2]);
});

test("patterns that come late, after a failure, mark what is waiting", async () => {
  vi.useFakeTimers();
  try {
    const page = new FakePage();
    let fails = true;
    const watch = new ProblemWatch(page, () => (fails ? Promise.reject(new Error("offline")) : Promise.resolve(errors)));
    watch.see(view());
    watch.see(view(run(5)));
    watch.see(view(run(5, "a.x:2: boom\n")));
    await settled();
    expect(page.lines()).toEqual([]);
    fails = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(page.lines()).toEqual([2]);
    watch.close();
  } finally {
    vi.useRealTimers();
  }
});
