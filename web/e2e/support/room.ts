import { expect, type Page } from "@playwright/test";

/** Opens the list of people, and gives it. */
export async function peopleList(page: Page) {
  const list = page.getByRole("dialog", { name: "People" });
  if (!(await list.isVisible())) await page.getByRole("button", { name: /^People: / }).click();
  await expect(list).toBeVisible();
  return list;
}

/** Takes another name. */
export async function rename(page: Page, name: string): Promise<void> {
  const list = await peopleList(page);
  await list.getByRole("button", { name: "Edit your name and colour" }).click();
  await list.getByRole("textbox", { name: "Your name" }).fill(name);
  await page.keyboard.press("Enter");
  await expect(list.getByRole("textbox", { name: "Your name" })).toHaveCount(0);
  await closeList(page);
}

/** Closes the list of people; a tooltip in it takes the first Escape for itself. */
export async function closeList(page: Page): Promise<void> {
  await expect(async () => {
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog", { name: "People" })).toHaveCount(0, { timeout: 1000 });
  }).toPass();
}

/** What an owner makes of somebody. */
export async function makeOf(page: Page, name: string, what: RegExp): Promise<void> {
  const list = await peopleList(page);
  await list.getByRole("button", { name: `What ${name} may do` }).click();
  await page.getByRole("menuitem", { name: what }).click();
  if (!what.source.includes("Remove")) await closeList(page);
}

/** The links of the share dialog. */
export async function links(page: Page): Promise<{ editor: string; viewer: string }> {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share this room" });
  await expect(dialog.getByTestId("link-viewer")).toBeVisible();
  const editor = dialog.getByTestId("link-editor");
  const found = {
    editor: (await editor.count()) === 0 ? "" : await editor.inputValue(),
    viewer: await dialog.getByTestId("link-viewer").inputValue(),
  };
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toHaveCount(0);
  return found;
}

/** Says something on a connection of this page's own person, past the page, and gives the answer's code and kind. */
export async function crafted(page: Page, messages: readonly string[]): Promise<string[]> {
  return page.evaluate(async (all) => {
    const room = location.pathname.replace("/r/", "");
    const socket = new WebSocket(`ws://${location.host}/api/v1/rooms/${room}/socket`);
    await new Promise((open) => socket.addEventListener("open", open));
    const heard: string[] = [];
    const waiting: (() => void)[] = [];
    socket.addEventListener("message", ({ data }) => {
      for (const line of String(data).split("\n")) {
        const message = JSON.parse(line) as { t: string; code?: string; seq?: number };
        if (message.t === "error" || (message.t === "event" && (message.seq ?? 0) > 0)) {
          heard.push(message.code ?? message.t);
          waiting.shift()?.();
        }
      }
    });
    socket.send('{"t":"join","protocol":1,"client":"craftedcrafted","name":"Crafted","color":1}');
    for (const message of all) {
      const answered = new Promise<void>((done) => waiting.push(done));
      socket.send(message);
      await answered;
    }
    socket.close();
    return heard;
  }, messages);
}
