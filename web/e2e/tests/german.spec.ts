import type { Page } from "@playwright/test";
import { expect, test } from "../support/test.ts";

// The page's own tables. Their imports are written for a bundler, which is not what checks the types of this folder.
const table = async (name: string): Promise<Record<string, unknown>> =>
  ((await import(new URL(`../../app/src/words/${name}/index.ts`, import.meta.url).href)) as Record<string, Record<string, unknown>>)[name]!;
const [en, de] = [await table("en"), await table("de")];

/** The strings of a table, wherever they are in it. */
function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(strings);
}

const german = new Set(strings(de));
const english = new Set(strings(en).filter((text) => !german.has(text)));

/** What of the page's texts and names is one of the English sentences. */
async function foreign(page: Page): Promise<string[]> {
  const said = await page.evaluate(() => {
    const all: string[] = [document.title];
    for (const element of document.body.querySelectorAll("*")) {
      for (const name of ["aria-label", "placeholder", "title", "alt"]) all.push(element.getAttribute(name) ?? "");
      // The text of people is not the page's, and languages go by their own names.
      if (element.closest(".cm-editor, .output-terminal, [lang]:not(html)") !== null) continue;
      for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) all.push(node.textContent ?? "");
    }
    return all.map((text) => text.trim());
  });
  return said.filter((text) => english.has(text));
}

test("in German nothing is left of English", async ({ server, person }) => {
  test.slow();
  const ann = await person({ locale: "de-DE" });
  const { page } = ann;
  const check = async (name: string): Promise<void> => {
    expect.soft(await foreign(page), name).toEqual([]);
    await ann.picture(`german-${name}`);
  };
  await page.goto(server.url);
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page.getByRole("button", { name: "Neuer Raum" })).toBeEnabled();
  await check("start");
  await page.getByRole("button", { name: "Neuer Raum" }).click();
  await expect(ann.editor).toBeVisible();
  await expect(page.locator(".save.saved")).toBeVisible();
  await check("room");
  for (const [keys, name] of [["F1", "palette"], ["ControlOrMeta+P", "files"], ["ControlOrMeta+,", "settings"]] as const) {
    await page.keyboard.press(keys);
    await expect(page.locator(".scrim [role=dialog]")).toBeVisible();
    await check(name);
    await page.keyboard.press("Escape");
    await expect(page.locator(".scrim")).toHaveCount(0);
  }
  await page.keyboard.press("F1");
  await page.keyboard.type("Tastenkürzel");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Tastenkürzel" })).toBeVisible();
  await check("shortcuts");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Aussehen und Sprache" }).click();
  await expect(page.getByRole("menuitemradio", { name: "Dunkel" })).toBeVisible();
  await check("look");
  await page.keyboard.press("Escape");
  for (const panel of await page.locator(".rail button").all()) {
    await panel.click();
    await expect(page.locator(".side .view-loading")).toHaveCount(0);
    await check(`side-${(await panel.getAttribute("aria-label"))?.toLowerCase()}`);
  }
  for (const tab of await page.locator(".dock-tabs [role=tab]").all()) {
    await tab.click();
    await expect(page.locator(".dock .view-loading")).toHaveCount(0);
    await check((await tab.getAttribute("id")) ?? "dock");
  }
  await page.goto(`${server.url}/r/gibt-es-nicht`);
  await expect(page.getByRole("heading")).toBeVisible();
  await check("missing");
});
