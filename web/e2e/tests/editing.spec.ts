import { expect, test, type Person } from "../support/test.ts";

/** Chooses a keyboard in the editor's settings. */
async function useKeys({ page }: Person, name: string): Promise<void> {
  await page.keyboard.press("ControlOrMeta+Shift+P");
  await page.getByRole("combobox").or(page.getByRole("searchbox")).first().fill("Editor settings");
  await page.keyboard.press("Enter");
  await page.getByRole("radio", { name }).check({ force: true });
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
}

test("several carets, comments, indentation and folding", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  const { keyboard } = ann.page;
  await ann.write("x = 1\nx = 2\n");
  await keyboard.press("ControlOrMeta+Home");
  await keyboard.press("ControlOrMeta+D");
  await keyboard.press("ControlOrMeta+D");
  await expect(ann.page.getByText("2 carets")).toBeVisible();
  await keyboard.type("yy");
  await ann.sees("yy = 1\nyy = 2\n");
  await keyboard.press("Escape");
  await keyboard.press("ControlOrMeta+A");
  await keyboard.press("ControlOrMeta+/");
  await ann.sees("# yy = 1\n# yy = 2\n");
  await keyboard.press("ControlOrMeta+/");
  await ann.sees("yy = 1\nyy = 2\n");
  await ann.write("def f():\nreturn 1\n");
  await keyboard.press("ControlOrMeta+Home");
  await keyboard.press("ArrowDown");
  await keyboard.press("Tab");
  await ann.sees("def f():\n    return 1\n");
  await keyboard.press("Shift+Tab");
  await ann.sees("def f():\nreturn 1\n");
  await ann.write("def f():\n    return 1\n\nprint(f())\n");
  await ann.page.locator(".fold:not(.folded)").first().click();
  await expect(ann.page.locator(".cm-foldPlaceholder")).toHaveCount(1);
  // The first one, which is not seen, keeps the width of the gutter.
  await ann.page.locator(".fold.folded").nth(1).click();
  await expect(ann.page.locator(".cm-foldPlaceholder")).toHaveCount(0);
  await ann.editor.click();
  await keyboard.press("Control+Alt+[");
  await expect(ann.page.locator(".cm-foldPlaceholder")).toHaveCount(1);
});

test("undo scrolls to what it takes back, though it is far away", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await ann.write(Array.from({ length: 300 }, (_, i) => `line ${i + 1}`).join("\n"));
  await ann.page.keyboard.press("ControlOrMeta+Home");
  await ann.page.keyboard.insertText("mine "); // at once: letters that come slowly are undone one by one
  await ann.page.keyboard.press("ControlOrMeta+End");
  await expect(ann.page.locator(".cm-line").filter({ hasText: /^line 300$/ })).toBeVisible();
  await expect(ben.page.locator(".cm-line").first()).toHaveText("mine line 1");
  await ben.editor.click({ position: { x: 300, y: 100 } });
  await ben.page.keyboard.type("ben");
  await ben.saved();
  await ann.page.keyboard.press("ControlOrMeta+Z");
  await expect(ann.page.locator(".cm-line").filter({ hasText: /^line 1$/ })).toBeInViewport();
  await expect(ann.page.locator(".cm-line").filter({ hasText: "ben" })).toBeVisible();
});

test("Vim's keys: they move, replace, search and save, are one person's own, and leave the editor", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await ann.write("one two\nthree two\n");
  await ann.saved();
  await useKeys(ann, "Vim");
  const { keyboard } = ann.page;
  await ann.editor.click();
  await expect(ann.page.locator(".cm-fat-cursor").first()).toBeAttached();
  await keyboard.type("ggcwnew");
  await keyboard.press("Escape");
  await ann.sees("new two\nthree two\n");
  await keyboard.type("jdd");
  await ann.sees("new two\n");
  await keyboard.type("u");
  await ann.sees("new two\nthree two\n");
  // What others type meanwhile is neither lost nor undone.
  await ben.type("ben\n");
  await ann.sees("new two\nthree two\nben\n");
  // Where the machine is slow, deleting and typing the word are two steps.
  await expect(async () => {
    await keyboard.type("u");
    expect(await ann.text()).toBe("one two\nthree two\nben\n");
  }).toPass();
  await keyboard.type("/three");
  await keyboard.press("Enter");
  await expect(ann.page.getByText("Ln 2, Col 1")).toBeVisible();
  await keyboard.type(":");
  await expect(ann.page.locator(".cm-vim-panel input")).toBeFocused();
  await keyboard.type("w");
  await keyboard.press("Enter");
  await expect(ann.page.getByLabel("Notices")).toContainText("Already saved");
  await keyboard.type("i");
  await keyboard.press("Escape");
  await keyboard.press("Tab");
  await expect(ann.editor).not.toBeFocused();
  await expect(ben.page.locator(".cm-fat-cursor")).toHaveCount(0);
  await ann.page.reload();
  await ann.editor.click();
  await expect(ann.page.locator(".cm-fat-cursor").first()).toBeAttached();
});

test("Emacs' keys", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.write("one\ntwo\n");
  await useKeys(ann, "Emacs");
  await ann.editor.click();
  const { keyboard } = ann.page;
  await keyboard.press("ControlOrMeta+Home");
  // The keymap is loaded when Ctrl+K kills a line.
  await expect(async () => {
    await keyboard.press("Control+k");
    expect(await ann.text()).not.toBe("one\ntwo\n");
  }).toPass();
  await ann.sees("\ntwo\n");
  await keyboard.press("Control+n");
  await keyboard.press("Control+e");
  await keyboard.press("Control+y");
  await ann.sees("\ntwoone\n");
});

test("size and wrapping are one's own, the tab width is the room's", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await ann.write("\tx\n");
  await ann.saved();
  const look = (who: Person) => who.page.evaluate(() => {
    const text = document.querySelector(".cm-content");
    const style = text === null ? undefined : getComputedStyle(text);
    return { size: style?.fontSize, tab: style?.tabSize, wrap: text?.classList.contains("cm-lineWrapping") };
  });
  await ann.page.keyboard.press("ControlOrMeta+Shift+P");
  await ann.page.getByRole("combobox").or(ann.page.getByRole("searchbox")).first().fill("Editor settings");
  await ann.page.keyboard.press("Enter");
  await ann.accessible();
  await ann.page.getByRole("button", { name: "Larger" }).click();
  await ann.page.getByRole("button", { name: "Larger" }).click();
  await ann.page.getByRole("checkbox", { name: "Wrap long lines" }).check();
  await ann.page.getByRole("combobox", { name: "Tab width" }).selectOption("7");
  await ann.page.getByRole("combobox", { name: "Indent by" }).selectOption("tabs");
  await ann.page.getByRole("button", { name: "Done" }).click();
  await expect.poll(() => look(ann)).toEqual({ size: "15px", tab: "7", wrap: true });
  await expect.poll(() => look(ben)).toEqual({ size: "13.5px", tab: "7", wrap: false });
  await expect(ben.page.getByText("Tabs: 7")).toBeVisible();
  await ben.write("");
  await ben.page.keyboard.press("Tab");
  await ann.sees("\t");
});

test("search in the file works in the product's own words", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.write("a b a\n");
  await ann.page.keyboard.press("ControlOrMeta+F");
  await ann.page.locator(".cm-search input[name=search]").fill("a");
  await ann.page.locator(".cm-search input[name=replace]").fill("c");
  await ann.page.locator(".cm-search [name=replaceAll]").click();
  await ann.sees("c b c\n");
});
