import type { Page } from "@playwright/test";
import { LiveKit } from "../support/livekit.ts";
import { closeList, makeOf, peopleList, rename } from "../support/room.ts";
import { Server } from "../support/server.ts";
import type { Speaker } from "../support/speaker.ts";
import { bar, expect, hears, hearsNothing, microphone, says, talk, test as base } from "../support/talk.ts";

/** A LiveKit server, and a codecollab that hands voice to it. */
const test = base.extend<{ livekit: LiveKit; server: Server }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads from the braces that it needs nothing
  livekit: async ({}, provide, info) => {
    const livekit = await LiveKit.start();
    await provide(livekit);
    if (info.status !== info.expectedStatus) await info.attach("livekit.log", { body: livekit.log });
    await livekit.close();
  },
  server: async ({ livekit }, provide, info) => {
    const server = await Server.start("livekit", livekit.settings);
    await provide(server);
    if (info.status !== info.expectedStatus) await info.attach("server.log", { body: server.log });
    await server.close();
  },
});

/** What the page's policy has refused. */
function refusals(page: Page): string[] {
  const all: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && message.text().includes("Content Security Policy")) all.push(message.text());
  });
  return all;
}

async function two(speaker: (voice?: typeof says) => Promise<Speaker>, server: Server): Promise<[Speaker, Speaker]> {
  const [ann, ben] = [await speaker(says), await speaker({ says: "It does. Take the last index away, and run it again with three lines." })];
  await ben.open(await ann.newRoom(server.url));
  await rename(ben.page, "Ben");
  return [ann, ben];
}

test("people talk by LiveKit as they do by the server's own engine", async ({ server, speaker }) => {
  const [ann, ben] = await two(speaker, server);
  const refused = refusals(ann.page);
  await talk(ann);
  await expect(ben.page.getByRole("button", { name: "Talk: 1 person is in voice" })).toBeVisible();
  await talk(ben);
  await expect(microphone(ann.page)).toHaveAttribute("aria-pressed", "false"); // one comes in muted
  await hearsNothing(ben);
  await expect(ann.page.getByText("You are speaking, and your microphone is off.")).toBeVisible();

  await ann.editor.click();
  await ann.page.keyboard.press("Alt+M");
  await expect(microphone(ann.page)).toHaveAttribute("aria-pressed", "true");
  await hears(ben);
  await expect(ben.page.locator(".people-button .avatar[data-speaking]")).toHaveCount(1);
  const list = await peopleList(ben.page);
  await expect(list.locator(".person-voice")).toHaveText(/speaking|in voice/);
  // As loud as the user likes them.
  const volume = (): Promise<number[]> => ben.page.evaluate(() => (globalThis as unknown as { played: HTMLMediaElement[] }).played.filter((audio) => audio.srcObject !== null).map((audio) => audio.volume));
  await list.getByRole("slider", { name: /^Volume of/ }).fill("0.3");
  await expect.poll(volume).toEqual([0.3]);
  await ben.accessible();
  await ben.picture("livekit-people");
  await closeList(ben.page);

  // One's own microphone, and then an owner's word, whatever the microphone does.
  await microphone(ann.page).click();
  await hearsNothing(ben);
  await expect((await peopleList(ben.page)).locator(".person-voice")).toHaveText(/microphone off/);
  await closeList(ben.page);
  await microphone(ann.page).click();
  await hears(ben);
  await microphone(ben.page).click();
  await hears(ann);
  await makeOf(ann.page, "Ben", /Mute in voice/);
  await hearsNothing(ann);
  await expect(ben.page.getByText("An owner of the room has muted you. You hear the others.")).toBeVisible();
  await hears(ben);
  await makeOf(ann.page, "Ben", /Let speak again/);
  await hears(ann);

  // Leaving, and coming again.
  await bar(ann.page).getByRole("button", { name: "Leave voice" }).click();
  await expect(ann.page.getByRole("button", { name: "Talk: 1 person is in voice" })).toBeVisible();
  await hearsNothing(ben);
  await talk(ann);
  await microphone(ann.page).click();
  await hears(ben);

  // Out of the room is out of voice.
  await makeOf(ann.page, "Ben", /^Remove/);
  await ann.page.getByRole("alertdialog").getByRole("button", { name: "Remove", exact: true }).click();
  await expect(ben.page.getByRole("main")).toContainText("removed you");
  await hearsNothing(ben);
  expect(refused).toEqual([]);
});

test("LiveKit dies and comes back, and so does the server: voice does, too, without a click", async ({ livekit, server, speaker }) => {
  const [ann, ben] = await two(speaker, server);
  await talk(ann);
  await talk(ben);
  await microphone(ann.page).click();
  await hears(ben);
  await livekit.kill();
  for (const one of [ann, ben]) await expect(bar(one.page)).toHaveAttribute("data-phase", "lost", { timeout: 30_000 });
  await livekit.start();
  for (const one of [ann, ben]) await expect(bar(one.page)).toHaveAttribute("data-phase", "in", { timeout: 90_000 });
  await expect(microphone(ann.page)).toHaveAttribute("aria-pressed", "true");
  await hears(ben);

  // Our own server is not in the way of the sound, and knows those who talk when it is back.
  await server.kill();
  await hears(ben);
  await server.start();
  await makeOf(ann.page, "Ben", /Mute in voice/);
  await expect(ben.page.getByText("An owner of the room has muted you. You hear the others.")).toBeVisible();
  await hears(ben);
});

test("the connection test names what of LiveKit does not work", async ({ livekit, server, speaker }) => {
  const [ann, ben] = await two(speaker, server);
  const { page } = ann;
  await talk(ann);
  await talk(ben);
  await microphone(page).click();
  await bar(page).getByRole("button", { name: "Voice: settings" }).click();
  await page.getByRole("menuitem", { name: /test/ }).click();
  const dialog = page.getByRole("dialog", { name: "Connection test" });
  const steps = dialog.locator(".voice-steps li");
  await expect(page.getByText("You can talk.")).toBeVisible({ timeout: 60_000 });
  await expect(steps).toHaveText([/^Microphone/, /^Conversation with the server/, /^Conversation with LiveKit/, /^Sound by LiveKit/]);
  await expect(dialog.locator('.voice-steps li[data-state="ok"]')).toHaveCount(4);
  await expect(dialog.getByText(/Voice goes by LiveKit here/)).toBeVisible();
  await ann.accessible();
  await ann.picture("livekit-test");
  await hears(ben); // the call goes on meanwhile
  await livekit.kill();
  await dialog.getByRole("button", { name: "Test again" }).click();
  await expect(page.getByText(/The LiveKit server does not answer from here/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/From this network nobody will hear you/)).toBeVisible({ timeout: 60_000 });
  await ann.picture("livekit-test-fails");
});

test("a microphone that the browser denies is said so, and one hears the others all the same", async ({ server, speaker }) => {
  const [ann, ben] = [await speaker(says), await speaker()];
  await ben.open(await ann.newRoom(server.url));
  await talk(ann);
  await talk(ben);
  await expect(ben.page.getByText("The browser does not let this page hear your microphone.")).toBeVisible();
  await microphone(ann.page).click();
  await hears(ben);
});
