import { expect, test } from "../support/test.ts";

test("search across files: live, by word, case and expression, and a click goes there", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await ben.write("cat\nconcat\nCat\n");
  await ben.saved();
  await ann.sees("cat\nconcat\nCat\n");
  await ann.page.keyboard.press("ControlOrMeta+Shift+F");
  const field = ann.page.getByRole("textbox", { name: "Search in all files" });
  await expect(field).toBeFocused();
  await field.fill("cat");
  await expect(ann.page.getByText("3 matches in 1 file")).toBeVisible();
  await ann.page.getByRole("button", { name: "Match case" }).click();
  await expect(ann.page.getByText("2 matches in 1 file")).toBeVisible();
  await ann.page.getByRole("button", { name: "Whole words" }).click();
  await expect(ann.page.getByText("1 match in 1 file")).toBeVisible();
  // What others type is found while one looks.
  await ben.type("a cat!\n");
  await expect(ann.page.getByText("2 matches in 1 file")).toBeVisible();
  await ann.page.getByRole("button", { name: "Line 4: a cat!" }).click();
  await expect(ann.editor).toBeFocused();
  await expect(ann.page.getByText("Ln 4, Col 6 (3 selected)")).toBeVisible();

  await ann.page.getByRole("button", { name: "Regular expression" }).click();
  await field.fill("(");
  await expect(ann.page.getByRole("alert")).toContainText("This is no regular expression");
  await ann.accessible();
  await field.fill("^c.t$");
  await expect(ann.page.getByText("1 match in 1 file")).toBeVisible();
});

test("an expression that takes for ever is ended, and typing goes on meanwhile", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.write(`${"a".repeat(40)}!\n`);
  await ann.page.keyboard.press("ControlOrMeta+Shift+F");
  await ann.page.getByRole("button", { name: "Regular expression" }).click();
  await ann.page.getByRole("textbox", { name: "Search in all files" }).fill("^(a+)+$");
  await ann.type("typed");
  await ann.sees(/typed$/);
  await expect(ann.page.getByRole("alert")).toContainText("takes too long");
  await ann.page.getByRole("textbox", { name: "Search in all files" }).fill("t.ped");
  await expect(ann.page.getByText("1 match in 1 file")).toBeVisible();
});

test("replace all, in every file, and each file's author can undo it there", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await ann.write("old_name = 1\nprint(old_name)\n");
  await ann.page.getByRole("button", { name: "New file" }).first().click();
  await ann.page.getByRole("textbox", { name: "File name" }).fill("lib/util.py");
  await ann.page.keyboard.press("Enter");
  await expect(ann.page.getByRole("tab", { name: "util.py" })).toBeVisible();
  await ann.write("from main import old_name\n");
  await ann.saved();
  await ann.page.keyboard.press("ControlOrMeta+Shift+F");
  await ann.page.getByRole("button", { name: "Regular expression" }).click();
  await ann.page.getByRole("textbox", { name: "Search in all files" }).fill("old_(\\w+)");
  await expect(ann.page.getByText("3 matches in 2 files")).toBeVisible();
  await ann.page.getByRole("button", { name: "Show the field to replace" }).click();
  await ann.page.getByRole("textbox", { name: "Replace by" }).fill("new_$1");
  await ann.page.getByRole("button", { name: "Replace all" }).click();
  await expect(ann.page.getByLabel("Notices")).toContainText("3 matches replaced in 2 files");
  await ann.sees("from main import new_name\n");
  await ben.page.getByRole("tab", { name: "main.py" }).click();
  await ben.sees("new_name = 1\nprint(new_name)\n");
  // One step takes the whole replacement in this file back, and leaves the other file.
  await ann.page.getByRole("tab", { name: "main.py" }).click();
  await ann.editor.click();
  await ann.page.keyboard.press("ControlOrMeta+Z");
  await ann.sees("old_name = 1\nprint(old_name)\n");
  await ben.sees("old_name = 1\nprint(old_name)\n");
  await ann.page.getByRole("tab", { name: "util.py" }).click();
  await ann.sees("from main import new_name\n");
});
