import { Fox } from "../support/firefox.ts";
import { Speaker } from "../support/speaker.ts";
import { expect, test } from "../support/test.ts";

test.use({ serverArgs: ["--voice-udp=127.0.0.1:0", "--voice-tcp=127.0.0.1:0", "--voice-turn-udp=127.0.0.1:0", "--voice-turn-tcp=127.0.0.1:0"] });

test("somebody with Firefox types and talks with somebody with Chromium", async ({ server }) => {
  const [fox, ann] = [await Fox.start(), await Speaker.start({ hums: 440 })];
  try {
    const url = await ann.newRoom(server.url);
    await fox.page.goto(url);
    await fox.page.locator(".cm-content").click();
    await ann.write("# ");
    await ann.saved();
    await expect.poll(() => fox.page.$eval(".cm-content", (content) => content.textContent)).toBe("# ");
    await fox.page.keyboard.down("Control");
    await fox.page.keyboard.press("End");
    await fox.page.keyboard.up("Control");
    await fox.page.keyboard.type("typed in Firefox");
    await ann.sees("# typed in Firefox");

    await ann.page.getByRole("button", { name: /^Talk/ }).click();
    await ann.page.getByRole("group", { name: "Voice" }).getByRole("button", { name: /microphone/ }).click();
    await fox.press("Talk: 1 person is in voice");
    await fox.page.locator('[aria-label="Voice"][data-phase="in"]').wait();
    const heard = async (): Promise<number> => (await fox.packets()).received;
    const before = await heard();
    await expect.poll(heard).toBeGreaterThan(before + 50);

    // Firefox' own microphone: on, it is heard; off, nothing comes.
    const microphone = '[aria-label="Voice"] button[aria-pressed]';
    const loud = async (): Promise<number> => (await ann.heard()).energy;
    const quiet = await loud();
    await fox.page.locator(microphone).click();
    await expect.poll(loud).toBeGreaterThan(quiet + 0.005);
    await fox.page.locator(microphone).click();
    await expect
      .poll(async () => {
        const { packets } = await ann.heard();
        await ann.page.waitForTimeout(700);
        return (await ann.heard()).packets - packets;
      })
      .toBe(0);
  } finally {
    await fox.close();
    await ann.close();
  }
});
