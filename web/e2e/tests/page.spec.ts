import { expect, test } from "../support/test.ts";

for (const scheme of ["light", "dark"] as const) {
  test(`axe finds nothing (${scheme})`, async ({ server, person }) => {
    const ann = await person({ colorScheme: scheme });
    await ann.page.goto(server.url);
    await expect(ann.page.getByRole("button", { name: "New room" })).toBeEnabled();
    await ann.accessible();
    await ann.picture(`start-${scheme}`);
    await ann.newRoom(server.url);
    await ann.write("print('x')\nraise ValueError('y')\n");
    await ann.saved();
    await ann.page.keyboard.press("ControlOrMeta+Enter");
    await expect(ann.run).toContainText("exit 1");
    await ann.accessible();
    await ann.picture(`error-${scheme}`);
  });
}

test("on a phone the layout stacks", async ({ server, person }) => {
  const ann = await person({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await ann.newRoom(server.url);
  await ann.accessible();
  await ann.picture("phone");
  const overflow = await ann.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

test("files: create, rename, delete", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await ann.page.getByRole("button", { name: /new file/i }).click();
  await ann.page.getByRole("textbox", { name: "File name" }).fill("util.py");
  await ann.page.keyboard.press("Enter");
  await expect(ann.page.getByRole("tab", { name: /util\.py/ })).toBeVisible();
  await expect(ben.page.getByRole("tab", { name: /util\.py/ })).toBeVisible();
  await ann.write("def f():\n    return 42\n");
  await ann.saved();
  await ben.page.getByRole("tab", { name: /main\.py/ }).click();
  await ben.write("import util\nprint(util.f())\n");
  await ben.saved();
  await ben.page.keyboard.press("ControlOrMeta+Enter");
  await expect(ann.output).toContainText("42");
  await ann.page.getByRole("tab", { name: /util\.py/ }).dblclick();
  await ann.page.getByRole("textbox", { name: "File name" }).fill("../etc/passwd");
  await ann.page.keyboard.press("Enter");
  await expect(ann.page.getByRole("alert")).toContainText(/path/);
  await ann.page.getByRole("textbox", { name: "File name" }).fill("lib.py");
  await ann.page.keyboard.press("Enter");
  await expect(ben.page.getByRole("tab", { name: /lib\.py/ })).toBeVisible();
});

test("another language brings its sample, and never destroys what was typed", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  const pick = async (from: string, to: string) => {
    await ann.page.getByRole("button", { name: `Language: ${from}` }).first().click();
    await ann.page.getByRole("searchbox", { name: "Search languages" }).fill(to);
    const first = ann.page.getByRole("menuitemradio").first();
    await expect(first.locator(".picker-name")).toHaveText(to);
    await expect(first).toHaveAttribute("data-focused");
    await ann.page.keyboard.press("Enter");
  };
  await pick("Python", "Bash");
  await expect(ann.page.getByRole("tab", { name: /main\.sh/ })).toBeVisible();
  await ann.write("# mine\n");
  await ann.saved();
  await pick("Bash", "Perl");
  await expect(ann.page.getByRole("button", { name: "Language: Perl" }).first()).toBeVisible();
  await ann.sees("# mine\n");
});

test("a paste that is too large is refused in words before it is sent", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.write("kept\n");
  await ann.saved();
  await ann.page.keyboard.insertText("x".repeat(6_000_000));
  await expect(ann.page.getByRole("region", { name: "Notices" }).or(ann.page.getByLabel("Notices"))).toContainText(/large|limit|at most/i);
  await ann.sees("kept\n");
  await ann.type("on\n");
  await ann.saved();
});

test("a room that is not there says so", async ({ server, person }) => {
  const ann = await person();
  await ann.page.goto(`${server.url}/r/no-such-room`);
  await expect(ann.page.getByRole("heading")).toBeVisible();
  await expect(ann.page.getByRole("main")).toContainText(/room/i);
  await ann.accessible();
  await ann.picture("missing");
});

test("Escape, then Tab, leaves the editor", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.editor.click();
  await ann.page.keyboard.press("Escape");
  await ann.page.keyboard.press("Tab");
  await expect(ann.editor).not.toBeFocused();
});

test("the name that one chooses is what others see, and is remembered", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  const link = await ann.newRoom(server.url);
  await ben.open(link);
  await ann.page.getByRole("button", { name: /^People: / }).click();
  await ann.page.getByRole("button", { name: "Edit your name and colour" }).click();
  await ann.page.getByLabel("Your name").fill("Ann Example");
  await ann.page.keyboard.press("Enter");
  await ann.page.keyboard.press("Escape");
  await ben.page.getByRole("button", { name: /^People: / }).click();
  await expect(ben.page.getByRole("dialog", { name: "People" }).getByText("Ann Example")).toBeVisible();
  await ben.picture("people");
  await ann.page.reload();
  await ann.page.getByRole("button", { name: /^People: / }).click();
  await expect(ann.page.getByRole("dialog", { name: "People" }).getByText("Ann Example")).toBeVisible();
});
