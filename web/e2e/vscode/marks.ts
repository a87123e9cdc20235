import { expect, type Page } from "@playwright/test";

/** The letter that is typed. Ids of the protocol have no capitals. */
export const letter = "Q";

/** When something happened in a page, in milliseconds since 1970: all processes of the test share the machine's clock. */
type Marks = {
  /** The key went down, as the browser stamped it. */
  down: number[];
  /** Its event reached the page's scripts. */
  handled: number[];
  /** It left by the room's socket. */
  sent: number[];
  /** It came, as an event of the room's log. */
  came: number[];
  /** It stands in the page's document. */
  shown: number[];
  /** The frame after that, at the latest, is on the screen. */
  painted: number[];
};

declare global {
  var codecollabMarks: Marks;
}

/** Notes what comes and goes by the sockets of a page. Before it is opened. */
export async function listen(page: Page): Promise<void> {
  await page.addInitScript((wanted) => {
    globalThis.codecollabMarks = { down: [], handled: [], sent: [], came: [], shown: [], painted: [] };
    const note = (into: "sent" | "came", data: unknown, kind: string): void => {
      if (typeof data !== "string" || !data.includes(`"t":"${kind}"`)) return;
      for (const found of data) if (found === wanted) globalThis.codecollabMarks[into].push(Date.now());
    };
    globalThis.WebSocket = class extends WebSocket {
      constructor(...args: ConstructorParameters<typeof WebSocket>) {
        super(...args);
        this.addEventListener("message", ({ data }) => note("came", data, "event"));
      }
      override send(data: Parameters<WebSocket["send"]>[0]): void {
        note("sent", data, "batch");
        super.send(data);
      }
    };
  }, letter);
}

/** Notes keys of a page, and when it shows one more of the letter in what the selector finds. */
export async function watch(page: Page, selector: string): Promise<void> {
  await page.evaluate(([where, wanted]) => {
    const marks: Marks = (globalThis.codecollabMarks = { down: [], handled: [], sent: [], came: [], shown: [], painted: [] });
    addEventListener(
      "keydown",
      ({ key, timeStamp }) => {
        if (key !== wanted) return;
        const now = Date.now();
        marks.down.push(now - (performance.now() - timeStamp));
        marks.handled.push(now);
      },
      { capture: true },
    );
    const frames = new MessageChannel();
    frames.port1.onmessage = () => {
      while (marks.painted.length < marks.shown.length) marks.painted.push(Date.now());
    };
    const look = (): void => {
      let count = 0;
      for (const { textContent } of document.querySelectorAll(where!)) for (const found of textContent ?? "") if (found === wanted) count++;
      if (marks.shown.length >= count) return;
      while (marks.shown.length < count) marks.shown.push(Date.now());
      requestAnimationFrame(() => frames.port2.postMessage(0));
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  }, [selector, letter]);
}

/** What a page has noted since it was watched. */
export const marksOf = (page: Page): Promise<Marks> => page.evaluate(() => globalThis.codecollabMarks);

/**
 * Types the letter as people do: no two pauses are the same, none is in step with a screen or a clock, and now and then one is
 * long enough for VS Code to save.
 */
export async function typing(keys: number, press: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < keys; i++) {
    await press();
    await new Promise((go) => setTimeout(go, i % 15 === 14 ? 500 + Math.random() * 400 : 80 + Math.random() * 170));
  }
}

/** Waits until a page shows so many. */
export async function shows(page: Page, keys: number): Promise<void> {
  await expect.poll(async () => (await marksOf(page)).painted.length).toBe(keys);
}

/** Prints what lies between two moments of each key, and returns it, sorted. */
export function between(name: string, from: readonly number[], to: readonly number[]): readonly number[] {
  const all = from.map((at, i) => (to[i] ?? Number.POSITIVE_INFINITY) - at).toSorted((a, b) => a - b);
  const p = (n: number): string => (all[Math.min(all.length - 1, Math.floor((all.length * n) / 100))] ?? Number.NaN).toFixed(0).padStart(4);
  process.stdout.write(`  ${name.padEnd(52)} p50 ${p(50)} ms   p95 ${p(95)} ms   max ${p(100)} ms\n`);
  return all;
}
