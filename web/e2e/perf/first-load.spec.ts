import { test } from "../support/test.ts";
import { report } from "./report.ts";

declare global {
  var focusedAt: number | undefined;
}

const rounds = 7;

/** From the start of the navigation until the caret is in the text, in a browser that has nothing of the page. */
test("interactive", async ({ server, person }) => {
  const ann = await person();
  const link = await ann.newRoom(server.url);
  const times: number[] = [];
  for (let n = 0; n < rounds; n++) {
    const { page, context } = await person();
    await page.addInitScript(() => {
      document.addEventListener("focusin", ({ target }) => {
        if ((target as Element).classList.contains("cm-content")) globalThis.focusedAt ??= performance.now();
      });
    });
    await page.goto(link, { waitUntil: "commit" });
    await page.waitForFunction(() => globalThis.focusedAt !== undefined);
    times.push(await page.evaluate(() => globalThis.focusedAt ?? Infinity));
    await context.close();
  }
  times.sort((a, b) => a - b);
  report("first load: navigation to the caret in the text, median of 7, cold cache", times[3] ?? Infinity, "ms", { goal: 1000, limit: 3000 });
});
