import type { Page } from "@playwright/test";
import { Speaker, type Voice } from "./speaker.ts";
import { expect, test as base } from "./test.ts";

/** The test function of what is about talking: with people who have browsers and microphones of their own. */
export const test = base.extend<{ speaker: (voice?: Voice) => Promise<Speaker> }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads from the braces that it needs nothing
  speaker: async ({}, provide) => {
    const all: Speaker[] = [];
    await provide(async (voice) => {
      const one = await Speaker.start(voice);
      all.push(one);
      return one;
    });
    for (const one of all) await one.close();
  },
});

export const says: Voice = { says: "Have you seen line twelve? I think that the loop runs once too often. Let us try it with an empty list." };

const join = (page: Page): Promise<void> => page.getByRole("button", { name: /^Talk/ }).click();
export const bar = (page: Page) => page.getByRole("group", { name: "Voice" });
export const microphone = (page: Page) => bar(page).getByRole("button", { name: /microphone/ });

/** Goes into voice, and waits until sound could go through. */
export async function talk(one: Speaker): Promise<void> {
  await join(one.page);
  await expect(bar(one.page)).toHaveAttribute("data-phase", "in");
}

/** One more than a little is heard from now on. */
export async function hears(one: Speaker): Promise<void> {
  const before = (await one.heard()).energy;
  await expect.poll(async () => (await one.heard()).energy - before, { timeout: 30_000 }).toBeGreaterThan(0.005);
}

/** Nothing comes any more. Packets that are on their way are waited for. */
export async function hearsNothing(one: Speaker): Promise<void> {
  await expect
    .poll(
      async () => {
        const { packets } = await one.heard();
        await one.page.waitForTimeout(700);
        return (await one.heard()).packets - packets;
      },
      { timeout: 30_000 },
    )
    .toBe(0);
}

export { expect };
