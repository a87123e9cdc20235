import { expect, test } from "../support/test.ts";

test("past runs: a list with who and what, any of them opened, run again", async ({ server, person }) => {
  const ann = await person();
  const ben = await person({ colorScheme: "dark" });
  await ben.open(await ann.newRoom(server.url));
  await ann.write("import sys\nprint('args', sys.argv[1:], 'in', sys.stdin.read())\n");
  await ann.saved();
  await ann.page.getByRole("button", { name: "Input" }).click();
  await ann.page.getByRole("textbox", { name: "Arguments" }).fill("one 'two words'");
  await ann.page.getByRole("textbox", { name: "Saved input" }).fill("first input");
  await ann.page.keyboard.press("ControlOrMeta+Enter");
  await expect(ann.run).toContainText("exit 0");
  await expect(ann.output).toContainText("args ['one', 'two words'] in first input");
  await ann.write("print('second run')\nraise SystemExit(3)\n");
  await ann.saved();
  await ann.page.keyboard.press("ControlOrMeta+Enter");
  await expect(ann.run).toContainText("exit 3");

  // Ben opens Ann's first run; a new run brings him back to what happens now.
  await expect(ben.run).toContainText("exit 3");
  await ben.page.getByRole("button", { name: "History of runs" }).click();
  const rows = ben.page.locator(".runs-list li");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("exit 3");
  await expect(rows.first()).toContainText(/by \w+ \w+/);
  await expect(rows.first()).toContainText(/v\d+ · .*ms|s/);
  await ben.accessible();
  await ben.picture("runs-dark");
  await rows.last().getByRole("button").click();
  await expect(ben.output).toContainText("in first input");
  await expect(ben.run).toContainText("exit 0");
  await expect(ben.page.getByText("An earlier run")).toBeVisible();
  await ben.page.getByRole("button", { name: "Back to the latest run" }).click();
  await expect(ben.run).toContainText("exit 3");
  await ben.page.getByRole("button", { name: "History of runs" }).click();
  await rows.last().getByRole("button").click();
  await expect(ben.run).toContainText("exit 0");
  const download = ben.page.waitForEvent("download");
  await ben.page.getByRole("button", { name: "Download output" }).click();
  expect((await download).suggestedFilename()).toMatch(/^output-v\d+\.txt$/);

  // Which version it was leads to the room as it was then.
  await ben.page.getByRole("button", { name: /^v\d+$/ }).click();
  await expect(ben.page).toHaveURL(/#.*v=\d+$/);
  await expect(ben.page.getByText("sys.argv").first()).toBeVisible();
  await ben.page.keyboard.press("Escape");

  // The same arguments and input, with the program as it is now.
  await ann.write("import sys\nprint('again', sys.argv[1:], sys.stdin.read())\n");
  await ann.saved();
  await ben.page.getByRole("button", { name: "Run again" }).click();
  for (const who of [ann, ben]) await expect(who.output).toContainText("again ['one', 'two words'] first input");
  await expect(ben.page.getByText("An earlier run")).toHaveCount(0);
});

test("runs that the room's state has forgotten come from its log", async ({ server, person }) => {
  test.setTimeout(180_000);
  const ann = await person();
  const link = await ann.newRoom(server.url);
  await ann.write("print('the very first')\n");
  await ann.saved();
  await ann.page.keyboard.press("ControlOrMeta+Enter");
  await expect(ann.output).toContainText("the very first");
  await ann.write("print('later')\n");
  await ann.saved();
  const ask = () =>
    ann.page.evaluate(async (room) => {
      const one = (await (await fetch(`/api/v1/rooms/${room}/runs?limit=1`)).json()) as { runs: { run: number; finish?: unknown }[] };
      return one.runs[0];
    }, new URL(link).pathname.split("/").at(-1) ?? "");
  let last = 0;
  for (let i = 0; i < 31; i++) {
    await ann.page.keyboard.press("ControlOrMeta+Enter");
    await expect.poll(async () => {
      const run = await ask();
      return run !== undefined && run.run > last && run.finish !== undefined ? run.run : 0;
    }).toBeGreaterThan(0);
    last = (await ask())?.run ?? 0;
  }
  await ann.page.reload();
  await expect(ann.editor).toBeVisible();
  await ann.saved();
  await ann.page.getByRole("button", { name: "History of runs" }).click();
  await ann.page.getByRole("button", { name: "Earlier runs" }).click();
  await expect(ann.page.locator(".runs-list li")).toHaveCount(32);
  await ann.page.locator(".runs-list li").last().getByRole("button").click();
  await expect(ann.output).toContainText("the very first");
});
