import type { Browser, Page } from "@playwright/test";
import { test } from "../support/test.ts";
import { crowd } from "./crowd.ts";
import { percentile, report } from "./report.ts";

const lines = 10_000;
const people = 50;
const keys = 200;

type TraceEvent = {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  /** The processor time of it, in microseconds. */
  readonly tdur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly args?: { readonly data?: { readonly type?: string }; readonly name?: string };
};

/**
 * What one key costs the page while fifty people type in the same file of ten thousand lines. From Chromium's trace: the processor
 * time of the page's main thread, from the dispatch of keydown until it has committed the next frame. Other people's edits that
 * fall into that time count as well. What no page can shorten does not: the wait for the screen's next refresh, and for a
 * processor that others are using (fifty typists, the server and this test share the machine with the page). The same is measured
 * first while nobody else types: that is what the browser itself takes here, and the ratio is what the fifty cost.
 */
test(`typing in ${lines} lines with ${people} people`, async ({ browser, server, person }) => {
  const ann = await person();
  const link = await ann.newRoom(server.url);
  const text = Array.from({ length: lines }, (_, n) => `def function_${n}(value):  # ${n}\n`).join("");
  await ann.write("");
  await ann.editor.evaluate((content, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    content.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
  await ann.saved();
  await ann.page.keyboard.press("ControlOrMeta+Home");
  const alone = await typing(browser, ann.page);
  const stop = await crowd(link, people, 2, 15);
  const among = await typing(browser, ann.page);
  process.stdout.write(`  the others typed ${stop()} letters\n`);
  await ann.saved();
  const [one, many] = [alone, among].map((costs) => costs.map(({ busy }) => busy)) as [number[], number[]];
  const ratio = (p: number): string => (percentile(many, p) / percentile(one, p)).toFixed(2);
  process.stdout.write(`  alone: median ${percentile(one, 50).toFixed(1)} ms, p95 ${percentile(one, 95).toFixed(1)} ms; among ${people}: ${ratio(50)} and ${ratio(95)} times as much\n`);
  report("typing, median per key", percentile(many, 50), "ms", { goal: 16, limit: 50 });
  report("typing, p95 per key", percentile(many, 95), "ms", { goal: 16, limit: 50 });
});

/** Types on the next line, and tells what each key costs. */
async function typing(browser: Browser, page: Page): Promise<readonly Cost[]> {
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  for (let n = 0; n < 20; n++) await page.keyboard.type("w", { delay: 50 }); // it warms up
  await browser.startTracing(page, { categories: ["devtools.timeline", "disabled-by-default-devtools.timeline"] });
  const began = Date.now();
  for (let n = 0; n < keys; n++) await page.keyboard.type("k", { delay: 60 });
  const seconds = (Date.now() - began) / 1000;
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const costs = costsOf(traceEvents);
  if (costs.length < keys * 0.9) throw new Error(`only ${costs.length} keys are in the trace`);
  const wall = costs.map((cost) => cost.wall);
  const clock = `by the clock, waits included: median ${percentile(wall, 50).toFixed(1)} ms, p95 ${percentile(wall, 95).toFixed(1)} ms`;
  process.stdout.write(`  ${costs.length} of ${keys} keys measured, in ${seconds.toFixed(0)} s; ${clock}\n`);
  return costs;
}

/** What a key costs, in milliseconds: processor time of the main thread until the frame that shows it, and the time by the clock. */
type Cost = { readonly busy: number; readonly wall: number };

function costsOf(events: readonly TraceEvent[]): Cost[] {
  const keydown = events.filter(({ name, args }) => name === "EventDispatch" && args?.data?.type === "keydown");
  const [first] = keydown;
  if (first === undefined) return [];
  const here = events.filter(({ pid, tid, ph }) => pid === first.pid && tid === first.tid && ph === "X").toSorted((a, b) => a.ts - b.ts);
  const tasks = here.filter(({ name }) => name === "RunTask");
  const commits = here.filter(({ name }) => name === "Commit");
  return keydown.flatMap(({ ts }) => {
    const commit = commits.find((c) => c.ts > ts);
    if (commit === undefined) return [];
    const end = commit.ts + (commit.dur ?? 0);
    let busy = 0;
    for (const task of tasks) {
      const { dur = 0, tdur = 0 } = task;
      if (task.ts > end) break;
      const shared = Math.min(task.ts + dur, end) - Math.max(task.ts, ts);
      if (shared > 0 && dur > 0) busy += tdur * (shared / dur);
    }
    return [{ busy: busy / 1000, wall: (end - ts) / 1000 }];
  });
}
