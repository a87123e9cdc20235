import { expect, test } from "../support/test.ts";

test("two people, one room, one Run", async ({ server, person }) => {
  const ann = await person({ colorScheme: "dark" });
  const ben = await person({ colorScheme: "light" });
  const link = await ann.newRoom(server.url);
  await ben.open(link);

  await ann.write("# ann\n");
  await ben.sees("# ann\n");
  await Promise.all([ann.type("print('from ann')\n"), ben.type("print('from ben')\n")]);
  await ann.saved();
  await ben.saved();
  await expect.poll(async () => (await ann.text()) === (await ben.text())).toBe(true);
  for (const words of ["print('from ann')", "print('from ben')"]) expect(await ben.text()).toContain(words);

  await expect(ben.page.locator(".cm-line").first()).toBeVisible();
  await expect(ben.page.getByRole("button", { name: /^People: 2/ })).toBeVisible();
  await ben.page.keyboard.press("ControlOrMeta+Enter");
  for (const who of [ann, ben]) {
    await expect(who.output).toContainText("from ann");
    await expect(who.output).toContainText("from ben");
    await expect(who.run).toContainText("exit 0");
  }
  await ann.picture("room-dark");
  await ben.picture("room-light");
});

test("undo takes back only one's own typing", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await ann.write("one ");
  await ben.sees("one ");
  await ben.type("two ");
  await ann.sees("one two ");
  await ann.editor.click();
  await ann.page.keyboard.press("ControlOrMeta+Z");
  await ann.sees(/two $/);
  await expect.poll(async () => (await ann.text()).startsWith("one")).toBe(false);
  await ann.page.keyboard.press("ControlOrMeta+Shift+Z");
  await ben.sees("one two ");
});

test("remote carets carry the person's name", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await ann.write("x\ny\n");
  await ben.sees("x\ny\n");
  await ben.editor.click();
  await ben.page.keyboard.press("ControlOrMeta+Home");
  await ben.page.keyboard.press("Shift+End");
  const caret = ann.page.locator(".remote-caret").first();
  await expect(caret).toBeAttached();
  await expect(caret.locator(".remote-label")).toHaveText(/\w+ \w+/);
  await expect(ann.page.locator(".remote-carets")).toHaveAttribute("aria-hidden", "true");
  await expect(ann.page.locator(".remote-selection").first()).toBeAttached();
});

test("a program is stopped, and everyone is told by whom", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await ann.write("print('round', flush=True)\nwhile True: pass\n");
  await ann.saved();
  await ann.page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(ben.output).toContainText("round");
  await ben.page.getByRole("button", { name: "Stop" }).click();
  await expect(ann.run).toContainText(/stopped by /);
  await expect(ben.run).toContainText(/stopped by you/);
});

test("a flood of output leaves the page fluid", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.write("for i in range(300): print(('x' * 99 + '\\n') * 1000)\nprint('the end')\n");
  await ann.saved();
  await ann.page.keyboard.press("ControlOrMeta+Enter");
  await expect(ann.run).toContainText("exit 0");
  await expect(ann.output).toContainText("the end");
  await ann.type("# still typing");
  await ann.sees(/# still typing$/);
  expect(await ann.page.locator("*").count()).toBeLessThan(6000);
});

test("an error of the compiler is shown", async ({ server, person }) => {
  const ann = await person();
  await ann.page.goto(`${server.url}/?template=c`);
  await expect(ann.editor).toBeVisible();
  await ann.saved();
  await ann.write("int main(void) { return missing; }\n");
  await ann.saved();
  await ann.page.keyboard.press("ControlOrMeta+Enter");
  await expect(ann.output).toContainText("missing");
  await ann.picture("compile-error");
});
