import { describe, expect, it } from "vitest";
import { pieces } from "../src/limits";
import { parseFrame } from "../src/messages";
import { Runs } from "../src/runs";
import type { RunView } from "../src/types";

const size = { rows: 24, cols: 80 };

/** Runs with one run, 5, that has a terminal. */
function oneRun(): { runs: Runs; view: () => RunView } {
  const runs = new Runs();
  runs.requested(5, 1, "ann", { kind: "run", file: "f", language: "python", terminal: size });
  return {
    runs,
    view: () => {
      const run = runs.views().at(-1);
      if (run === undefined) throw new Error("there is no run");
      return run;
    },
  };
}

const shown = (run: RunView) => run.output.map((c) => `${c.stream}:${c.data}`).join("|");

describe("the terminal of a run", () => {
  it("has the size that was asked for, and the one that is told later", () => {
    const { runs, view } = oneRun();
    expect(view().terminal).toEqual(size);
    runs.resized({ run: 5, rows: 30, cols: 100 });
    expect(view().terminal).toEqual({ rows: 30, cols: 100 });
    runs.resized({ run: 6, rows: 1, cols: 1 });
    expect(view().terminal).toEqual({ rows: 30, cols: 100 });
  });

  it("waits, and goes on waiting while it prints", () => {
    const { runs, view } = oneRun();
    runs.state({ run: 5, state: "waiting" });
    runs.output({ run: 5, stream: "stdout", data: "? " });
    expect(view().state).toBe("waiting");
    runs.state({ run: 5, state: "running" });
    expect(view().state).toBe("running");
  });

  it("keeps marks of who types in their place", () => {
    const { runs, view } = oneRun();
    runs.output({ run: 5, stream: "stdout", data: "Name? " });
    runs.output({ run: 5, stream: "typed", data: "ben\n" });
    runs.output({ run: 5, stream: "stdout", data: "B" });
    runs.output({ run: 5, stream: "stdout", data: "en" });
    expect(shown(view())).toBe("stdout:Name? |typed:ben\n|stdout:Ben");
  });

  it("never cuts a mark, and does not count it as output left out", () => {
    const { runs, view } = oneRun();
    const line = "y".repeat(1000);
    for (let i = 0; i < 2000; i++) {
      runs.output({ run: 5, stream: "typed", data: `person${i}\n` });
      runs.output({ run: 5, stream: "stdout", data: line });
    }
    const { output, omitted } = view();
    const kept = output.filter((c) => c.stream === "stdout").reduce((n, c) => n + c.data.length, 0);
    expect(kept + omitted).toBe(2000 * line.length);
    expect(kept).toBeLessThan(1 << 20);
    for (const c of output) if (c.stream === "typed") expect(c.data).toMatch(/^(person\d+\n)+$/);
  });

  it("begins anew with another attempt", () => {
    const { runs, view } = oneRun();
    runs.output({ run: 5, stream: "stdout", data: "lost" });
    runs.state({ run: 5, state: "queued", attempt: 2 });
    expect(shown(view())).toBe("");
    runs.output({ run: 5, stream: "stdout", data: "new" });
    runs.state({ run: 5, state: "waiting", attempt: 2 });
    expect(shown(view())).toBe("stdout:new");
    expect(view().attempt).toBe(2);
  });

  it("is told to one who joins late, and is not void at the next state", () => {
    const { runs, view } = oneRun();
    const output = [{ stream: "stdout", data: "head" }, { stream: "stdout", data: "tail", omitted: 7 }];
    runs.live([{ run: 5, state: "waiting", attempt: 2, terminal: { rows: 1, cols: 2 }, output }]);
    runs.state({ run: 5, state: "running", attempt: 2 });
    expect(view()).toMatchObject({ state: "running", terminal: { rows: 1, cols: 2 }, omitted: 7 });
    expect(view().output.map((c) => c.data).join("")).toBe("headtail");
  });
});

describe("what is typed", () => {
  it("goes in parts that the server takes, between characters", () => {
    const text = "a" + "😀".repeat(30_000) + "€".repeat(30_000);
    const parts = pieces(text);
    expect(parts.join("")).toBe(text);
    for (const part of parts) {
      expect(new TextEncoder().encode(part).length).toBeLessThanOrEqual(64 * 1024);
      expect(part).not.toMatch(/^[\uDC00-\uDFFF]/);
    }
    expect(pieces("")).toEqual([]);
  });
});

describe("messages", () => {
  it("of terminals are checked", () => {
    expect(parseFrame('{"t":"terminal","run":5,"rows":1,"cols":2}')).toHaveLength(1);
    expect(() => parseFrame('{"t":"terminal","run":5,"rows":"1","cols":2}')).toThrow(/rows/);
  });
});
