import type { Page } from "@playwright/test";
import { expect, type Person, test } from "../support/test.ts";

const palette = (page: Page) => page.getByRole("dialog", { name: "Actions and files" });

/** Does an action by its name, as somebody does who has no mouse. */
async function act(who: Person, name: string): Promise<void> {
  await expect(who.page.locator(".scrim")).toHaveCount(0); // a dialog that is closing still has the keyboard
  await who.page.keyboard.press("F1");
  await expect(palette(who.page)).toBeVisible();
  await who.page.keyboard.type(name);
  await expect(palette(who.page).getByRole("option").first()).toHaveAttribute("data-focused");
  await who.page.keyboard.press("Enter");
  await expect(palette(who.page)).toBeHidden();
}

async function overflow(page: Page): Promise<number> {
  return await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

test("by keyboard alone: from the start page to a finished run", async ({ server, person }) => {
  const ann = await person();
  await ann.page.goto(server.url);
  const make = ann.page.getByRole("button", { name: "New room" });
  await expect(make).toBeEnabled();
  for (let tabs = 0; tabs < 6 && !(await make.evaluate((button) => button === document.activeElement)); tabs++) await ann.page.keyboard.press("Tab");
  await expect(make).toBeFocused();
  await ann.page.keyboard.press("Enter");
  await expect(ann.editor).toBeFocused();
  await ann.saved();
  await ann.page.keyboard.press("ControlOrMeta+A");
  await ann.page.keyboard.type("print(6 * 7)");
  await ann.saved();
  await act(ann, "run the program");
  await expect(ann.run).toContainText("exit 0");
  await expect(ann.output).toContainText("42");
  await expect(ann.editor).toBeFocused(); // what came took nothing away
  await ann.page.keyboard.press("F6");
  expect(await ann.page.evaluate(() => document.activeElement?.closest(".dock") !== null)).toBe(true);
  await ann.page.keyboard.press("Shift+F6");
  await expect(ann.editor).toBeFocused();
  await ann.page.keyboard.press("Escape");
  await ann.page.keyboard.press("Tab");
  await expect(ann.editor).not.toBeFocused();
  await ann.page.keyboard.press("?");
  await expect(ann.page.getByRole("dialog", { name: "Keyboard shortcuts" })).toContainText("Run the program");
});

test("the first thing that Tab reaches goes to the editor", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.page.getByRole("link", { name: "Skip to the editor" }).focus();
  await expect(ann.page.getByRole("link", { name: "Skip to the editor" })).toBeInViewport();
  await ann.page.keyboard.press("Enter");
  await expect(ann.editor).toBeFocused();
});

for (const [look, media, theme] of [
  ["light", { colorScheme: "light" }, ""],
  ["dark", { colorScheme: "dark" }, ""],
  ["contrast", { colorScheme: "light" }, "contrast"],
  ["contrast-dark", { colorScheme: "dark" }, "contrast"],
] as const) {
  test(`axe finds nothing in any view (${look})`, async ({ server, person }) => {
    test.slow();
    const ann = await person(media);
    const keep = async (name: string, ...except: string[]): Promise<void> => {
      await ann.accessible(...except);
      await ann.picture(`${name}-${look}`);
    };
    if (theme !== "") await ann.page.addInitScript((name) => localStorage.setItem("codecollab:theme", name), theme);
    await ann.newRoom(server.url);
    expect(await ann.page.locator("html").getAttribute("data-contrast")).toBe(theme === "" ? null : "more");
    await keep("room");
    await ann.page.keyboard.press("ControlOrMeta+Shift+P");
    await expect(palette(ann.page).getByRole("option").first()).toBeVisible();
    // The focus stays in the field, and its arrow keys go through the list: the list scrolls with them.
    await keep("palette", "scrollable-region-focusable");
    await ann.page.keyboard.press("Escape");
    await ann.page.keyboard.press("ControlOrMeta+P");
    await expect(palette(ann.page).getByRole("option", { name: /main\.py/ })).toBeVisible();
    await keep("palette-files");
    await ann.page.keyboard.press("Escape");
    await ann.page.keyboard.press("ControlOrMeta+,");
    await expect(ann.page.getByRole("dialog", { name: "Room settings" })).toBeVisible();
    await keep("settings");
    await ann.page.getByRole("button", { name: "Delete this room" }).click();
    await expect(ann.page.getByRole("alertdialog")).toBeVisible();
    await keep("delete");
    await ann.page.keyboard.press("Escape");
    await expect(ann.page.getByRole("alertdialog")).toHaveCount(0); // while it closes, it takes the keys
    await expect(async () => {
      await ann.page.keyboard.press("Escape"); // which is lost until the settings have the focus again
      await expect(ann.page.getByRole("dialog", { name: "Room settings" })).toHaveCount(0, { timeout: 2000 });
    }).toPass();
    await act(ann, "keyboard shortcuts");
    await expect(ann.page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await keep("shortcuts");
    await ann.page.keyboard.press("Escape");
    await ann.page.getByRole("button", { name: "Appearance and language" }).click();
    await expect(ann.page.getByRole("menuitemradio", { name: "High contrast" })).toBeVisible();
    await keep("look");
    await ann.page.keyboard.press("Escape");
    for (const panel of await ann.page.locator(".rail button").all()) {
      await panel.click();
      await expect(ann.page.locator(".side")).toBeVisible();
      await expect(ann.page.locator(".side .view-loading")).toHaveCount(0);
      await keep(`side-${await panel.getAttribute("aria-label")}`.toLowerCase());
    }
    for (const tab of await ann.page.locator(".dock-tabs [role=tab]").all()) {
      await tab.click();
      await expect(ann.page.locator(".dock .view-loading")).toHaveCount(0);
      await keep(`dock-${await tab.getAttribute("id")}`);
    }
    await act(ann, "show or leave the history");
    await expect(ann.page.locator(".main-view .view-loading")).toHaveCount(0);
    await expect(ann.page.getByRole("slider").first()).toBeVisible();
    await keep("history");
    await ann.page.goto(server.url);
    await expect(ann.page.getByRole("list").getByRole("link").first()).toBeVisible();
    await keep("start-rooms");
  });
}

test("where the system forces its colours, axe finds nothing either", async ({ server, person }) => {
  const ann = await person({ forcedColors: "active" });
  await ann.newRoom(server.url);
  // Chromium tells the colours before they are forced, so their contrast is not what is seen.
  await ann.accessible("color-contrast");
  await ann.picture("forced-colors");
});

test("panes are moved and closed by keys, and stay so", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  const line = ann.page.getByRole("separator", { name: "Resize editor and panel" });
  const dock = ann.page.locator(".dock");
  await line.focus();
  const before = Number(await line.getAttribute("aria-valuenow"));
  const width = (await dock.boundingBox())!.width;
  await ann.page.keyboard.press("Shift+ArrowLeft");
  await expect(line).toHaveAttribute("aria-valuenow", String(before - 10));
  expect((await dock.boundingBox())!.width).toBeGreaterThan(width + 100);
  await ann.page.keyboard.press("Enter");
  await expect(dock).toBeHidden();
  await ann.page.keyboard.press("ControlOrMeta+J");
  await expect(dock).toBeVisible();
  await ann.page.keyboard.press("ControlOrMeta+B");
  const side = ann.page.locator(".side");
  await expect(side).toBeVisible();
  const sideLine = ann.page.getByRole("separator", { name: "Resize the sidebar" });
  await sideLine.focus();
  await ann.page.keyboard.press("End");
  const wide = (await side.boundingBox())!.width;
  await ann.page.reload();
  await expect(ann.editor).toBeVisible();
  await expect(line).toHaveAttribute("aria-valuenow", String(before - 10));
  expect((await side.boundingBox())!.width).toBeCloseTo(wide, 0);
  const box = (await sideLine.boundingBox())!;
  await ann.page.mouse.move(box.x + box.width / 2, box.y + 200);
  await ann.page.mouse.down();
  await ann.page.mouse.move(box.x - 150, box.y + 220, { steps: 5 });
  await ann.page.mouse.up();
  expect((await side.boundingBox())!.width).toBeLessThan(wide - 100);
  await ann.page.keyboard.press("ControlOrMeta+B");
  await expect(side).toBeHidden();
});

for (const width of [320, 390, 768, 1440]) {
  test(`nothing is wider than a page of ${width} px`, async ({ server, person }) => {
    const touch = width < 900;
    const ann = await person({ viewport: { width, height: width === 320 ? 568 : 844 }, ...(touch ? { hasTouch: true, isMobile: true } : {}) });
    await ann.page.goto(server.url);
    await expect(ann.page.getByRole("button", { name: "New room" })).toBeEnabled();
    expect(await overflow(ann.page)).toBeLessThanOrEqual(0);
    await ann.picture(`start-${width}`);
    await ann.newRoom(server.url);
    expect(await overflow(ann.page)).toBeLessThanOrEqual(0);
    await ann.picture(`room-${width}`);
    const views = ann.page.getByRole("navigation", { name: "Views" }).getByRole("button");
    for (const view of touch ? await views.all() : []) {
      const box = (await view.boundingBox())!;
      expect(Math.min(box.width, box.height), (await view.textContent()) ?? "").toBeGreaterThanOrEqual(44);
      if ((await view.getAttribute("aria-haspopup")) !== null) continue;
      await view.click();
      await expect(view).toHaveAttribute("aria-current", "page");
      await expect(ann.page.locator(".view-loading:visible")).toHaveCount(0);
      expect(await overflow(ann.page)).toBeLessThanOrEqual(0);
      await ann.picture(`room-${width}-${(await view.textContent())?.toLowerCase()}`);
    }
    if (touch) {
      const small = await ann.page.locator(".room-header :is(button, a):visible").evaluateAll((all) =>
        all.map((one) => ({ name: one.getAttribute("aria-label") ?? one.textContent, box: one.getBoundingClientRect() }))
          .filter(({ box }) => Math.min(box.width, box.height) < 44 && box.width > 0)
          .map(({ name, box }) => `${name}: ${box.width} × ${box.height}`));
      expect(small).toEqual([]);
      await ann.accessible();
    }
    for (const key of ["F1", "ControlOrMeta+,"]) {
      await ann.page.keyboard.press(key);
      await expect(ann.page.locator(".scrim [role=dialog]")).toBeVisible();
      expect(await overflow(ann.page)).toBeLessThanOrEqual(0);
      await ann.picture(`room-${width}-${key === "F1" ? "palette" : "settings"}`);
      await ann.page.keyboard.press("Escape");
      await expect(ann.page.locator(".scrim")).toHaveCount(0);
    }
  });
}

test("with a keyboard over the page, what is typed is still seen", async ({ server, person }) => {
  const ann = await person({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await ann.newRoom(server.url);
  await ann.write(Array.from({ length: 60 }, (_, i) => `line ${i}`).join("\n"));
  await ann.page.setViewportSize({ width: 390, height: 440 });
  await ann.page.keyboard.type("x");
  await expect(ann.page.locator(".cm-line", { hasText: "line 59x" })).toBeInViewport();
  await expect(ann.page.locator(".bottom-bar")).toBeHidden();
  expect(await overflow(ann.page)).toBeLessThanOrEqual(0);
  await ann.picture("phone-keyboard");
});

test("a program that is run on a phone is what one sees", async ({ server, person }) => {
  const ann = await person({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await ann.newRoom(server.url);
  await ann.page.getByRole("button", { name: "Run", exact: true }).tap();
  await expect(ann.run).toBeVisible();
  await expect(ann.editor).toBeHidden();
  await ann.page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "Code" }).tap();
  await expect(ann.editor).toBeVisible();
});

test("less motion, where somebody wants less", async ({ server, person }) => {
  const ann = await person({ reducedMotion: "reduce" });
  await ann.page.goto(server.url);
  await expect(ann.page.getByRole("button", { name: "New room" })).toBeEnabled();
  const moving = await ann.page.evaluate(() =>
    document.getAnimations().filter((animation) => Number(animation.effect?.getComputedTiming().duration) > 1).map((animation) => String(animation)));
  expect(moving).toEqual([]);
});

test("what is printed is the file, all of it, with numbers", async ({ server, person }) => {
  const ann = await person({ colorScheme: "dark" });
  await ann.newRoom(server.url);
  await ann.write(Array.from({ length: 300 }, (_, i) => `print(${i}) # <b>no markup</b>`).join("\n"));
  await ann.saved();
  await ann.page.emulateMedia({ media: "print" });
  await expect
    .poll(async () => {
      await ann.page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      return await ann.page.locator(".print-sheet li").count();
    })
    .toBe(300);
  await expect(ann.page.locator(".print-sheet h1")).toHaveText("main.py");
  await expect(ann.page.locator(".print-sheet li").nth(299)).toHaveText("print(299) # <b>no markup</b>");
  await expect(ann.page.locator(".room-header")).toBeHidden();
  await ann.picture("print");
  await ann.page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await expect(ann.page.locator(".print-sheet")).toHaveCount(0);
});

test("others are heard of in one polite place, and take no focus", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  const link = await ann.newRoom(server.url);
  await ben.open(link);
  const field = ann.page.getByRole("button", { name: "Room settings" });
  await field.focus();
  const live = ann.page.getByTestId("live-region");
  await expect(live).toHaveAttribute("aria-live", "polite");
  await ben.type("\n# hello\n");
  await expect(live).toContainText(/line \d+|joined/);
  await ben.page.keyboard.press("ControlOrMeta+Enter");
  await expect(ann.run).toContainText("exit");
  await expect(field).toBeFocused();
  await expect(ann.page.locator(".remote-caret").first()).toBeAttached();
  expect(await ann.page.locator(".remote-caret").first().evaluate((caret) => caret.closest("[aria-hidden=true]") !== null)).toBe(true);
});

test("the room's title is everybody's, and dialogs keep shortcuts to themselves", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await ann.page.keyboard.press("ControlOrMeta+,");
  await ann.page.getByRole("textbox", { name: "Title" }).fill("  Interview <b>with</b> Grace ");
  await ann.page.keyboard.press("ControlOrMeta+Enter"); // no program is run from a dialog
  await ann.page.keyboard.press("Enter");
  await ann.page.getByRole("button", { name: "Done" }).click();
  for (const who of [ann, ben]) {
    await expect(who.page.getByRole("heading", { level: 1 })).toHaveText("Interview <b>with</b> Grace");
    await expect(who.page).toHaveTitle("Interview <b>with</b> Grace · CodeCollab");
  }
  await expect(ann.run).toHaveCount(0);
});

test("my rooms: the server knows them, they are searched, taken off the list and deleted", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  const first = await ann.newRoom(server.url);
  await act(ann, "rename the room");
  await ann.page.getByRole("textbox", { name: "Title" }).fill("Lesson 4");
  await ann.page.keyboard.press("Enter");
  await ann.page.keyboard.press("Escape");
  await expect(ann.page.getByRole("heading", { level: 1 })).toHaveText("Lesson 4");
  await ann.saved();
  await ben.open(first);
  await expect(ben.page.getByRole("heading", { level: 1 })).toHaveText("Lesson 4"); // so the server has it
  const second = await ann.newRoom(server.url);
  // As in another browser of the same person: nothing is remembered here.
  await ann.page.goto(server.url);
  await ann.page.evaluate(() => localStorage.removeItem("codecollab:rooms"));
  await ann.page.reload();
  const rooms = ann.page.getByRole("region", { name: "Rooms" });
  await expect(rooms.getByRole("listitem")).toHaveCount(2);
  await expect(rooms.getByRole("link", { name: /Lesson 4.*Python.*owner/ })).toBeVisible();
  await rooms.getByRole("searchbox").fill("lesson");
  await expect(rooms.getByRole("listitem")).toHaveCount(1);
  await rooms.getByRole("searchbox").fill("nothing like it");
  await expect(rooms).toContainText("No room matches");
  await rooms.getByRole("searchbox").fill("");
  const other = new URL(second).pathname.split("/").at(-1)!.split("-").slice(0, 2).join("-");
  await rooms.getByRole("button", { name: `Actions for ${other}` }).click();
  await ann.page.getByRole("menuitem", { name: "Take off this list" }).click();
  await expect(rooms.getByRole("listitem")).toHaveCount(1);
  await rooms.getByRole("button", { name: "Actions for Lesson 4" }).click();
  await ann.page.getByRole("menuitem", { name: /Delete for everybody/ }).click();
  const sure = ann.page.getByRole("alertdialog");
  await expect(sure.getByRole("button", { name: "Delete for good" })).toBeDisabled();
  await sure.getByRole("textbox").fill(new URL(first).pathname.split("/").at(-1)!.split("-").slice(0, 2).join("-"));
  await sure.getByRole("button", { name: "Delete for good" }).click();
  await expect(rooms).toHaveCount(0);
  await ann.page.reload();
  await expect(ann.page.getByRole("button", { name: "New room" })).toBeEnabled();
  await expect(rooms).toHaveCount(0);
  await ben.page.goto(server.url);
  await expect(ben.page.getByRole("button", { name: "New room" })).toBeEnabled();
  await ben.page.goto(first);
  // What his browser has kept of it is shown, so that he can copy it.
  await expect(ben.page.getByRole("alert").filter({ hasText: "not on the server any more" })).toBeVisible();
});

test("without the server the start page says so, and shows what this browser remembers", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.page.goto(server.url);
  const rooms = ann.page.getByRole("region", { name: "Rooms" });
  await expect(rooms.getByRole("listitem")).toHaveCount(1);
  await ann.context.setOffline(true);
  await ann.page.evaluate(() => dispatchEvent(new Event("online")));
  await expect(rooms).toContainText("The server cannot be reached");
  await expect(rooms.getByRole("listitem")).toHaveCount(1);
  await ann.page.getByRole("button", { name: "New room" }).click();
  await expect(ann.page.getByRole("alert").filter({ hasText: "cannot be reached" })).toBeVisible();
  await ann.accessible();
  await ann.picture("start-offline");
  await expect(rooms.getByRole("button", { name: "Try again" })).toBeVisible();
  await ann.context.setOffline(false); // the browser says so, and the page asks again by itself
  await expect(rooms).not.toContainText("The server cannot be reached");
});

test("a theme and a language are chosen, and are there before the page is drawn", async ({ server, person }) => {
  const ann = await person();
  await ann.page.goto(server.url);
  const look = ann.page.getByRole("button", { name: "Appearance and language" });
  await look.click();
  await ann.page.getByRole("menuitemradio", { name: "High contrast" }).click();
  await expect(ann.page.locator("html")).toHaveAttribute("data-contrast", "more");
  await look.click();
  await ann.page.getByRole("menuitemradio", { name: "Deutsch" }).click();
  await expect(ann.page.getByRole("button", { name: "Neuer Raum" })).toBeVisible();
  await expect(ann.page.locator("html")).toHaveAttribute("lang", "de");
  await ann.page.addInitScript(() => {
    new MutationObserver((_, seen) => {
      if (document.body === null) return;
      seen.disconnect();
      Object.assign(globalThis, { lookAtFirst: document.documentElement.dataset["contrast"] });
    }).observe(document, { childList: true, subtree: true });
  });
  await ann.page.reload();
  await expect(ann.page.getByRole("button", { name: "Neuer Raum" })).toBeVisible();
  expect(await ann.page.evaluate(() => (globalThis as { lookAtFirst?: string }).lookAtFirst)).toBe("more");
});

test("a part of the page that cannot be loaded says so, and takes nothing else away", async ({ server, person }) => {
  const ann = await person();
  await ann.page.route(/assets\/(palette|chat-panel)-[^/]*\.js$/, (route) => route.abort());
  await ann.newRoom(server.url);
  await ann.page.keyboard.press("F1");
  await expect(ann.page.getByLabel("Notices")).toContainText("could not be loaded");
  await expect(palette(ann.page)).toHaveCount(0);
  await ann.page.getByRole("tab", { name: /Chat/ }).click();
  await expect(ann.page.getByRole("tabpanel", { name: /Chat/ }).getByRole("alert")).toContainText("could not be loaded");
  await ann.accessible();
  await ann.type("# still here\n");
  await ann.saved();
});
