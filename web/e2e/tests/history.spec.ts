import { type Page } from "@playwright/test";
import { expect, type Person, test } from "../support/test.ts";

/** The history of a room on a page. */
class Past {
  constructor(readonly page: Page) {}

  get slider() {
    return this.page.getByRole("slider", { name: "Moment in the history" });
  }

  get text() {
    return this.page.locator(".history-text .cm-content");
  }

  /** Opens the history from the editor; it shows the last version. */
  async open(): Promise<void> {
    await this.page.getByRole("button", { name: "Show the history" }).click();
    await this.ready();
  }

  /** Waits until the moment at the scrubber is the one that is shown. */
  async ready(): Promise<void> {
    await expect(this.slider).toBeVisible();
    await expect(this.page.getByRole("region", { name: "History", exact: true })).toHaveAttribute("aria-busy", "false");
  }

  async version(): Promise<number> {
    return Number(await this.slider.getAttribute("aria-valuenow"));
  }

  async press(key: string): Promise<void> {
    await this.slider.focus();
    await this.page.keyboard.press(key);
    await this.ready();
  }

  async mode(name: "Text" | "Who wrote it" | "Changes"): Promise<void> {
    await this.page.getByRole("radio", { name }).check();
  }
}

/** A room in which Ann wrote the first line and Ben the second. */
async function written(ann: Person, ben: Person, url: string): Promise<string> {
  await named(ann, "Ann Able");
  await named(ben, "Ben Best");
  const link = await ann.newRoom(url);
  await ben.open(link);
  await ann.write("first by ann\n");
  await ann.saved();
  await ben.sees("first by ann\n");
  await ben.type("second by ben");
  await ben.saved();
  await ann.sees("first by ann\nsecond by ben");
  return link;
}

const named = ({ page }: Person, name: string): Promise<unknown> => page.addInitScript((n) => localStorage.setItem("codecollab:name", n), name);

test("scrub by keyboard: every version is there, and its moment is told", async ({ server, person }) => {
  const [ann, ben] = [await person(), await person()];
  await written(ann, ben, server.url);
  const past = new Past(ann.page);
  await past.open();
  const last = await past.version();
  expect(last).toBeGreaterThan(5);
  await expect(past.text).toContainText("second by ben");
  await expect(past.slider).toHaveAttribute("aria-valuetext", new RegExp(`Version ${last} of ${last}, .*last change by`));

  await past.press("ArrowLeft");
  expect(await past.version()).toBe(last - 1);
  await past.press("Home");
  expect(await past.version()).toBe(1);
  await past.press("PageUp");
  expect(await past.version()).toBeGreaterThan(1);
  await past.press("End");
  expect(await past.version()).toBe(last);
  await past.press("Shift+ArrowLeft");
  expect(await past.version()).toBe(Math.max(1, last - 10));

  await past.press("End");
  while ((await past.text.textContent()) !== "first by ann") await past.press("ArrowLeft");
  await expect(past.text).toHaveAttribute("aria-readonly", "true");
  await ann.page.keyboard.press("Escape");
  await expect(ann.page).toHaveURL(new RegExp(`v=${await past.version()}$`));
});

test("play goes through the history to its end, and others are not disturbed", async ({ server, person }) => {
  const [ann, ben] = [await person({ reducedMotion: "reduce" }), await person()];
  await written(ann, ben, server.url);
  const past = new Past(ann.page);
  await past.open();
  const last = await past.version();
  await past.press("Home");
  await expect(ann.page.getByRole("button", { name: "Play", exact: true })).toBeVisible(); // nothing plays by itself
  await ann.page.getByLabel("Speed").selectOption("64");
  await past.slider.focus();
  await ann.page.keyboard.press("Space");
  await expect.poll(() => past.version()).toBeGreaterThan(2);
  await expect.poll(() => past.version()).toBe(last);
  await expect(ann.page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
  await expect(past.text).toContainText("second by ben");
  await ben.sees("first by ann\nsecond by ben");
});

test("restore is an edit that everybody gets, and undo takes it back without what came since", async ({ server, person }) => {
  const [ann, ben] = [await person(), await person()];
  await written(ann, ben, server.url);
  await ann.page.getByRole("button", { name: "New file", exact: true }).first().click();
  await ann.page.getByRole("textbox", { name: "File name" }).fill("later.py");
  await ann.page.keyboard.press("Enter");
  await expect(ben.page.getByText("later.py").first()).toBeVisible();
  await ann.saved();
  const past = new Past(ann.page);
  await past.open();
  while ((await past.text.textContent()) !== "first by ann") await past.press("ArrowLeft");
  await ann.page.getByRole("button", { name: "Restore this version" }).click();
  await ben.sees("first by ann\n");
  await expect(ben.page.getByText("later.py")).toHaveCount(0);
  await ann.saved();

  await ben.editor.click();
  await ben.page.keyboard.press("ControlOrMeta+Home");
  await ben.page.keyboard.type("since ");
  await ben.saved();
  await ann.page.getByRole("button", { name: "Undo", exact: true }).click();
  await ben.sees("since first by ann\nsecond by ben");
  await expect(ben.page.getByText("later.py").first()).toBeVisible();
  await ann.saved();
});

test("blame names the right person for each line, in the history and in the editor", async ({ server, person }) => {
  const [ann, ben] = [await person(), await person()];
  await written(ann, ben, server.url);
  const past = new Past(ann.page);
  await past.open();
  await past.mode("Who wrote it");
  await expect(ann.page.locator(".blame-name")).toHaveText(["Ann Able", "Ben Best"]);
  await past.text.focus();
  await ann.page.keyboard.press("ControlOrMeta+Home");
  await expect(ann.page.getByTestId("blame-line")).toContainText("Line 1: Ann Able");
  await ann.page.keyboard.press("ArrowDown");
  await expect(ann.page.getByTestId("blame-line")).toContainText("Line 2: Ben Best");
  await ann.accessible();

  await ann.page.getByRole("button", { name: "Back to the editor" }).first().click();
  await ann.editor.click();
  await ann.page.keyboard.press("ControlOrMeta+End");
  await ann.page.keyboard.press("ControlOrMeta+Alt+b");
  await expect(ann.page.getByRole("complementary", { name: "Notices" })).toContainText("Line 2: Ben Best");
});

test("two moments beside each other: against now, and against a marked one", async ({ server, person }) => {
  const [ann, ben] = [await person(), await person()];
  await written(ann, ben, server.url);
  const past = new Past(ann.page);
  await past.open();
  await past.mode("Changes");
  await expect(ann.page.getByText("Nothing differs between the two.")).toBeVisible();
  await past.press("Home");
  await past.press("ArrowRight"); // the sample program is there, and nothing of what was typed
  await expect(ann.page.locator(".cm-mergeView")).toBeVisible();
  await expect(ann.page.locator(".cm-merge-b .cm-content")).toContainText("second by ben");
  await expect(ann.page.locator(".cm-merge-a .cm-content")).not.toContainText("second by ben");

  await ann.page.getByRole("button", { name: "More", exact: true }).click();
  await ann.page.getByRole("menuitem", { name: "Mark this version" }).click();
  await past.press("End");
  await expect(ann.page.getByLabel("Compare with")).toHaveValue("marked");
  await expect(ann.page.locator(".cm-merge-b .cm-content")).toContainText("second by ben");
  await ann.accessible();
});

test("a link to a moment opens it, and the next version of the text does not disturb it", async ({ server, person }) => {
  const [ann, ben] = [await person(), await person()];
  const link = await written(ann, ben, server.url);
  const past = new Past(ann.page);
  await past.open();
  while ((await past.text.textContent()) !== "first by ann") await past.press("ArrowLeft");
  const version = await past.version();
  await expect(ann.page).toHaveURL(new RegExp(`v=${version}$`));
  const carl = await person();
  await carl.page.goto(ann.page.url());
  const theirs = new Past(carl.page);
  await theirs.ready();
  expect(await theirs.version()).toBe(version);
  await expect(theirs.text).toHaveText("first by ann");
  await ben.type(" and more");
  await ben.saved();
  await expect(theirs.text).toHaveText("first by ann");
  await carl.page.getByRole("button", { name: "Back to the editor" }).first().click();
  await carl.sees("first by ann\nsecond by ben and more");
  expect(carl.page.url()).toBe(link);
});

test("without the server the history says so, and offers to try again", async ({ server, person }) => {
  const [ann, ben] = [await person(), await person()];
  await written(ann, ben, server.url);
  const past = new Past(ann.page);
  await past.open();
  await ann.page.getByRole("button", { name: "Back to the editor" }).first().click();
  await server.kill();
  await ann.page.getByRole("button", { name: "Show the history" }).click();
  await expect(ann.page.getByRole("alert")).toContainText("The history could not be loaded");
  await ann.accessible();
  await server.start();
  await ann.page.getByRole("button", { name: "Try again" }).click();
  await past.ready();
  await expect(past.text).toContainText("second by ben");
});

test("on a phone, in German", async ({ server, person }) => {
  const [ann, ben] = [await person(), await person()];
  const link = await written(ann, ben, server.url);
  const carla = await person({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: "de-DE" });
  await carla.page.goto(link);
  await carla.page.getByRole("button", { name: "Verlauf zeigen" }).click();
  const slider = carla.page.getByRole("slider", { name: "Moment im Verlauf" });
  await expect(slider).toHaveAttribute("aria-valuetext", /^Version \d+ von \d+, .*, letzte Änderung von/);
  await expect(carla.page.locator(".history-text .cm-content")).toContainText("second by ben");
  const box = (await slider.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await carla.page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
  await expect.poll(async () => Number(await slider.getAttribute("aria-valuenow"))).toBeLessThan(Number(await slider.getAttribute("aria-valuemax")));
  await carla.page.getByRole("radio", { name: "Wer es schrieb" }).check();
  await expect(carla.page.locator(".blame-name").first()).toBeVisible();
  await carla.accessible();
  expect(await carla.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  await carla.picture("history-phone");
});
