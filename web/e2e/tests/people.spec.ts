import type { Page } from "@playwright/test";
import { closeList, crafted, links, makeOf, peopleList, rename } from "../support/room.ts";
import { expect, test } from "../support/test.ts";

test.describe.configure({ timeout: 90_000 });

const notices = "Notices";

test("a viewer looks, and neither types, runs nor renames; promoted, they do at once", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  const cyd = await person();
  await ann.newRoom(server.url);
  await ann.write("print('hello')\n");
  await ann.saved();
  await rename(ann.page, "Ann");
  const { editor, viewer } = await links(ann.page);
  expect(ann.page.url()).toBe(editor);
  await ben.open(viewer);
  await cyd.open(editor);
  await rename(ben.page, "Ben");

  await expect(ben.page.getByTestId("view-only")).toContainText("View only.");
  await expect(ben.page.getByRole("button", { name: "Run", exact: true })).toBeDisabled();
  await ben.editor.click();
  await ben.page.keyboard.type("nonsense");
  await ben.page.keyboard.press("ControlOrMeta+Enter");
  await ben.page.getByRole("tab", { name: "main.py" }).press("F2");
  await ben.page.getByRole("dialog", { name: "View only." }).getByRole("button", { name: "Close" }).click();
  await ben.sees("print('hello')\n");
  await ben.accessible();
  await ben.picture("view-only");
  // The server decides: past the page it is the same.
  const edit = '{"t":"batch","seq":1,"base":3,"body":{"kind":"create","file":"newnewnew","name":"a.py","text":""}}';
  const run = '{"t":"batch","seq":2,"base":3,"body":{"kind":"run","file":"newnewnew","language":"python"}}';
  const rename1 = '{"t":"batch","seq":3,"base":3,"body":{"kind":"rename","file":"newnewnew","name":"b.py"}}';
  expect(await crafted(ben.page, [edit, run, rename1, '{"t":"input","run":1,"data":"x"}', '{"t":"stop","run":1}'])).toEqual(Array(5).fill("view_only"));
  const { editor: none } = await links(ben.page);
  expect(none).toBe("");

  await makeOf(ann.page, "Ben", /^Let edit/);
  await expect(ben.page.getByTestId("view-only")).toHaveCount(0);
  await expect(ben.page.getByLabel(notices)).toContainText("You can edit this room now.");
  await ben.type("print('ben')\n");
  await cyd.sees(/print\('ben'\)/);

  await makeOf(ann.page, "Ben", /^Let only view/);
  await expect(ben.page.getByTestId("view-only")).toBeVisible();
  await ben.editor.click();
  await ben.page.keyboard.type("more");
  await cyd.type("# cyd\n");
  await ben.sees(/# cyd\n$/);
  expect(await ben.text()).not.toContain("more");
});

test("what was typed while the role was taken away is recovered", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await rename(ben.page, "Ben");
  await ben.type("# Ben\n"); // the log has a name from what somebody does
  await ben.saved();
  await ben.context.setOffline(true);
  await ben.type("precious words");
  await expect(ben.save).not.toContainText(/^All saved|^Saved/);
  await peopleGone(ann.page);
  await ann.page.getByRole("button", { name: "Share", exact: true }).click();
  await ann.page.getByRole("combobox", { name: "Role of Ben" }).selectOption("viewer");
  await ben.context.setOffline(false);
  await expect(ben.page.getByTestId("view-only")).toBeVisible();
  // In one piece, or in two: what was on its way already, and what was typed after it.
  const pieces = ben.page.getByRole("region", { name: "Recovered text" }).locator("pre");
  await expect.poll(async () => (await pieces.allTextContents()).join("")).toBe("precious words");
  await ann.sees(/^(?!.*precious)/s);
});

/** Waits until nobody else is here. */
async function peopleGone(page: Page): Promise<void> {
  await expect(page.getByRole("button", { name: /^People: 1 / })).toBeVisible({ timeout: 40_000 });
}

test("an owner removes somebody, who does not come back", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  const cyd = await person();
  const link = await ann.newRoom(server.url);
  await ben.open(link);
  await rename(ben.page, "Ben");
  await makeOf(ann.page, "Ben", /^Remove/);
  await ann.page.getByRole("alertdialog").getByRole("button", { name: "Remove", exact: true }).click();
  await expect(ben.page.getByRole("main")).toContainText("removed you");
  await ben.page.goto("about:blank");
  await ben.page.goto(link);
  await expect(ben.page.getByRole("main")).toContainText("removed you");
  await ben.picture("removed");
  // The links were replaced with it, so that Ben is no use as somebody else either.
  await cyd.page.goto(link);
  await expect(cyd.page.getByRole("main")).toContainText("does not work any more");
  expect(ann.page.url()).not.toBe(link);
  await cyd.open(ann.page.url());
});

test("a locked room is the owner's to edit", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await ann.write("one\n");
  await ben.sees("one\n");
  const list = await peopleList(ann.page);
  await list.getByRole("checkbox", { name: /^Lock/ }).check();
  await ann.picture("people-list");
  await closeList(ann.page);
  await expect(ben.page.getByTestId("view-only")).toContainText("locked this room");
  await ben.editor.click();
  await ben.page.keyboard.type("two");
  await ann.type("three\n");
  await ben.sees("one\nthree\n");
  await ann.page.keyboard.press("ControlOrMeta+Shift+P");
  await expect(ann.page.getByRole("searchbox")).toBeFocused();
  await ann.page.keyboard.type("unlock");
  await ann.page.keyboard.press("Enter");
  await expect(ben.page.getByTestId("view-only")).toHaveCount(0);
  await ben.type("four\n");
  await ann.sees("one\nthree\nfour\n");
});

test("links are replaced and revoked; the room's name alone opens nothing", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  const link = await ann.newRoom(server.url);
  await ben.page.goto(link.split("#")[0] ?? "");
  await expect(ben.page.getByRole("main")).toContainText("opens by its link only");
  await ann.page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = ann.page.getByRole("dialog", { name: "Share this room" });
  await dialog.getByRole("button", { name: "Make a new link to edit" }).click();
  await expect(dialog.getByTestId("link-editor")).not.toHaveValue(link);
  const fresh = await dialog.getByTestId("link-editor").inputValue();
  expect(ann.page.url()).toBe(fresh);
  await ann.accessible();
  await ann.picture("share");
  await ben.page.goto(link);
  await expect(ben.page.getByRole("main")).toContainText("does not work any more");
  await ben.page.goto("about:blank");
  await ben.open(fresh);
  await dialog.getByRole("button", { name: "Revoke the link to edit" }).click();
  await expect(dialog.getByTestId("link-editor")).toHaveCount(0);
  // Members stay, and come back without any key.
  await ben.open(fresh.split("#")[0] ?? "");
  await ben.type("# still here\n");
  await ben.saved();
});

test("following goes where the other goes, and a key ends it", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  const link = await ann.newRoom(server.url);
  await ben.open(link);
  await rename(ann.page, "Ann");
  await ann.write(Array.from({ length: 300 }, (_, i) => `line ${i + 1}`).join("\n"));
  await ann.saved();
  await ben.sees(/line 1\n/);
  const list = await peopleList(ben.page);
  await list.getByRole("button", { name: "Follow Ann" }).click();
  await expect(ben.page.locator(".follow-frame")).toBeVisible();
  await ann.editor.click();
  await ann.page.keyboard.press("ControlOrMeta+End");
  await expect(ben.page.locator(".cm-line", { hasText: /^line 300$/ })).toBeVisible();
  await ann.page.keyboard.press("ControlOrMeta+Home");
  await expect(ben.page.locator(".cm-line", { hasText: /^line 1$/ })).toBeVisible();
  await ben.picture("following");
  await ann.page.getByRole("button", { name: /new file/i }).first().click();
  await ann.page.getByRole("textbox", { name: "File name" }).fill("other.py");
  await ann.page.keyboard.press("Enter");
  await expect(ben.page.getByRole("tab", { name: "other.py" })).toHaveAttribute("aria-selected", "true");
  await ben.page.keyboard.press("Escape");
  await expect(ben.page.locator(".follow-frame")).toHaveCount(0);
  await ann.page.getByRole("tab", { name: "main.py" }).click();
  await ann.page.keyboard.press("Enter");
  await ann.type("# end");
  await expect(ben.page.getByRole("tab", { name: "other.py" })).toHaveAttribute("aria-selected", "true");
});

test("everyone is brought to one's place, and can go back", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  const cyd = await person();
  await ann.newRoom(server.url);
  await rename(ann.page, "Ann");
  await ann.write(Array.from({ length: 200 }, (_, i) => `line ${i + 1}`).join("\n"));
  await ann.saved();
  const { editor, viewer } = await links(ann.page);
  await ben.open(editor);
  await cyd.open(viewer);
  const cydsList = await peopleList(cyd.page);
  await expect(cydsList.getByRole("button", { name: "Bring everyone to me" })).toHaveCount(0);
  await closeList(cyd.page);
  await ann.editor.click();
  await ann.page.keyboard.press("ControlOrMeta+End");
  await expect(async () => {
    await expect((await peopleList(ben.page)).getByText("main.py:200")).toBeVisible();
  }).toPass();
  await closeList(ben.page);
  await (await peopleList(ann.page)).getByRole("button", { name: "Bring everyone to me" }).click();
  for (const who of [ben, cyd]) {
    await expect(who.page.getByLabel(notices)).toContainText("Ann asks everyone to come to main.py, line 200.");
  }
  await ben.page.getByLabel(notices).getByRole("button", { name: "Go there" }).click();
  await expect(ben.page.locator(".cm-line", { hasText: /^line 200$/ })).toBeVisible();
  await ben.page.getByLabel(notices).getByRole("button", { name: "Back" }).click();
  await expect(ben.page.locator(".cm-line", { hasText: /^line 1$/ })).toBeVisible();
});
