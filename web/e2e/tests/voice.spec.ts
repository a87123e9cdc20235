import { closeList, makeOf, peopleList, rename } from "../support/room.ts";
import { bar, expect, hears, hearsNothing, microphone, says, talk, test } from "../support/talk.ts";

test.use({ serverArgs: ["--voice-udp=127.0.0.1:0", "--voice-tcp=127.0.0.1:0", "--voice-turn-udp=127.0.0.1:0", "--voice-turn-tcp=127.0.0.1:0"] });

test("people talk in a room: who speaks is heard and seen, and who is muted is not", async ({ server, speaker }) => {
  test.setTimeout(240_000);
  const [ann, ben] = [await speaker(says), await speaker({ hums: 440 })];
  const url = await ann.newRoom(server.url);
  await ben.open(url);
  await rename(ben.page, "Ben");
  await ann.editor.click();
  await talk(ann);
  await expect(ben.page.getByRole("button", { name: "Talk: 1 person is in voice" })).toBeVisible();
  await talk(ben);
  await expect(microphone(ann.page)).toHaveAttribute("aria-pressed", "false"); // one comes in muted
  await hearsNothing(ben);
  await expect(ann.page.getByText("You are speaking, and your microphone is off.")).toBeVisible();

  // The shortcut leaves the focus where it is.
  await ann.editor.click();
  await ann.page.keyboard.press("Alt+M");
  await expect(microphone(ann.page)).toHaveAttribute("aria-pressed", "true");
  await ann.page.keyboard.type("# while I talk");
  await ben.sees(/# while I talk/);
  await hears(ben);
  await expect(ben.page.locator(".people-button .avatar[data-speaking]")).toHaveCount(1);
  const list = await peopleList(ben.page);
  await expect(list.locator(".person-voice")).toHaveText(/speaking|in voice/);
  await expect(list.getByRole("slider", { name: /^Volume of/ })).toBeVisible();
  await ben.accessible();
  await closeList(ben.page);

  // One's own microphone, and then an owner's word, whatever the microphone does.
  await microphone(ann.page).click();
  await hearsNothing(ben);
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
});

test("the network changes, the room's connection breaks, the server starts anew: voice comes back without a click", async ({ server, speaker }) => {
  test.setTimeout(240_000);
  const [ann, ben] = [await speaker(says), await speaker({ hums: 440 })];
  const url = await ann.newRoom(server.url);
  await ben.open(url);
  await talk(ann);
  await talk(ben);
  await microphone(ann.page).click();
  await hears(ben);
  const ice = (): Promise<string> => ann.page.evaluate(() => /ice-ufrag:(\S+)/.exec((globalThis as unknown as { calls: RTCPeerConnection[] }).calls.at(-1)?.localDescription?.sdp ?? "")?.[1] ?? "");
  const before = await ice();
  await ann.page.evaluate(() => dispatchEvent(new Event("online"))); // as browsers tell of another network
  await expect.poll(ice).not.toBe(before);
  await expect(bar(ann.page)).toHaveAttribute("data-phase", "in");
  await hears(ben);
  await server.kill();
  await server.start();
  for (const one of [ann, ben]) await expect(bar(one.page)).toHaveAttribute("data-phase", "in", { timeout: 60_000 });
  await expect(microphone(ann.page)).toHaveAttribute("aria-pressed", "true");
  await hears(ben);
});

test("a microphone that the browser denies is said so, and one hears the others all the same", async ({ server, speaker }) => {
  const [ann, ben] = [await speaker({ hums: 440 }), await speaker()];
  await ben.open(await ann.newRoom(server.url));
  await talk(ann);
  await talk(ben);
  await expect(ben.page.getByText("The browser does not let this page hear your microphone.")).toBeVisible();
  await microphone(ann.page).click();
  await hears(ben);
  await ben.page.getByRole("button", { name: "Close" }).first().click();
  await ben.accessible();
});

test("settings: devices, push to talk; and the connection test names its steps", async ({ server, speaker }) => {
  const [ann, ben] = [await speaker(says), await speaker()];
  await ben.open(await ann.newRoom(server.url));
  await talk(ben);
  await talk(ann);
  const { page } = ann;
  await bar(page).getByRole("button", { name: "Voice: settings" }).click();
  await page.getByRole("menuitem", { name: "Voice: settings" }).click();
  const dialog = page.getByRole("dialog", { name: "Voice settings" });
  await expect(dialog.getByRole("combobox", { name: "Microphone" }).locator("option")).not.toHaveCount(1);
  await expect.poll(() => dialog.locator("meter").evaluate((meter: HTMLMeterElement) => meter.value)).toBeGreaterThan(0.2);
  await dialog.getByRole("radio", { name: "While I hold Alt+M" }).check();
  await ann.accessible();
  await dialog.getByRole("button", { name: "Test the connection" }).click();
  const steps = page.getByRole("dialog", { name: "Connection test" }).locator(".voice-steps li");
  await expect(steps).toHaveCount(5, { timeout: 30_000 });
  await expect(page.getByText("You can talk.")).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('.voice-steps li[data-state="ok"]')).toHaveCount(5);
  await ann.accessible();
  await page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).last().click();
  await ann.editor.click();
  await page.keyboard.down("Alt");
  await page.keyboard.down("m");
  await hears(ben);
  await page.keyboard.up("m");
  await page.keyboard.up("Alt");
  await hearsNothing(ben);
});
