import { expect } from "@playwright/test";
import { userInfo } from "node:os";
import { makeOf } from "../support/room.ts";
import { test } from "./fixtures.ts";

test("people in VS Code and in a browser write, undo, run and rename together", async ({ both: { ann, bob } }) => {
  await test.step("typing on both sides", async () => {
    await bob.end();
    await bob.page.keyboard.type("# from vs code\n");
    await expect(ann.editor).toContainText("# from vs code");
    await ann.editor.click();
    await ann.page.keyboard.press("ControlOrMeta+Home");
    await ann.page.keyboard.type("# from the page\n");
    await expect(bob.lines).toContainText("from the page");
    await expect(bob.page.locator(".tab.active.dirty")).toHaveCount(0);
  });

  await test.step("undo takes back one's own", async () => {
    await bob.end();
    await bob.page.keyboard.type("MINE");
    await expect(ann.editor).toContainText("MINE");
    await ann.page.keyboard.type("# THEIRS\n");
    await expect(bob.lines).toContainText("THEIRS");
    await bob.page.keyboard.press("ControlOrMeta+Z");
    await expect(ann.editor).not.toContainText("MINE");
    await expect(ann.editor).toContainText("THEIRS");
    await expect(bob.lines).toContainText("THEIRS");
    // VS Code's own undo, as its menu has it, would take back what Ann has written last.
    await bob.command("Undo");
    await expect(bob.lines).not.toContainText("from vs code");
    await expect(ann.editor).toContainText("THEIRS");
    await bob.page.keyboard.press("ControlOrMeta+Shift+Z");
    await expect(ann.editor).toContainText("from vs code");
  });

  await test.step("carets and the list of people", async () => {
    await bob.command("CodeCollab: Focus on People View");
    const people = bob.page.locator(".pane-body .monaco-list-row");
    await expect(people).toHaveCount(2);
    await expect(people.filter({ hasText: /main\.py:\d+/ })).toHaveCount(2);
  });

  await test.step("running, with input", async () => {
    await bob.lines.first().click();
    await bob.page.keyboard.press("ControlOrMeta+Enter");
    const terminal = bob.page.locator(".terminal-wrapper .xterm");
    await expect(terminal).toBeVisible();
    await expect(ann.output).toContainText("Who?");
    await terminal.click();
    await bob.page.keyboard.type("Bob\n");
    await expect(ann.output).toContainText("Hello, Bob");
    await expect(ann.run).toContainText("exit 0");
  });

  await test.step("renaming", async () => {
    await bob.command("File: Focus on Files Explorer");
    await bob.page.locator(".explorer-folders-view .monaco-list-row").filter({ hasText: "main.py" }).click();
    await bob.page.keyboard.press("F2");
    await bob.page.keyboard.press("ControlOrMeta+A");
    await bob.page.keyboard.type("hello.py\n");
    await expect(ann.page.getByRole("tab", { name: /hello\.py/ })).toBeVisible();
    await bob.file("hello.py");
    await bob.end();
    await bob.page.keyboard.type("# after the name\n");
    await expect(ann.editor).toContainText("# after the name");
  });

  await test.step("following", async () => {
    await ann.write(Array.from({ length: 200 }, (_, i) => `line_${i} = ${i}`).join("\n"));
    await bob.command("CodeCollab: Follow Somebody");
    await ann.editor.click();
    await ann.page.keyboard.press("ControlOrMeta+Home");
    await expect(bob.lines).toContainText("line_0 =");
    await ann.page.keyboard.press("ControlOrMeta+End");
    await expect(bob.lines).toContainText("line_199");
    await bob.lines.first().click();
    await bob.page.keyboard.press("ArrowLeft"); // where the caret is already a click tells the extension nothing
    await expect(bob.page.locator(".statusbar-item").filter({ hasText: "Following" })).toHaveCount(0);
    await ann.page.keyboard.press("ControlOrMeta+Home");
    await expect(ann.editor).toContainText("line_0 =");
    await expect(bob.lines).toContainText("line_199");
  });

  await test.step("no right to write", async () => {
    await bob.end();
    await makeOf(ann.page, userInfo().username, /^Let only view/);
    await expect(bob.status).toContainText("Read-only");
    await bob.page.keyboard.type("NO RIGHT");
    await expect(ann.editor).not.toContainText("NO RIGHT");
    await expect(bob.lines).not.toContainText("NO RIGHT");
    await ann.editor.click();
    await ann.page.keyboard.press("ControlOrMeta+End");
    await ann.page.keyboard.type("# still seen");
    await expect(bob.lines).toContainText("still seen");
  });
});

test("what is typed offline is kept and merged", async ({ both: { ann, bob }, collab }) => {
  await collab.stop();
  await expect(bob.status).toContainText("Offline");
  await bob.end();
  await bob.page.keyboard.type("# typed offline\n");
  await expect(bob.status).toContainText("16 characters kept");
  await ann.editor.click();
  await ann.page.keyboard.press("ControlOrMeta+Home");
  await ann.page.keyboard.type("# meanwhile\n");
  // The window is closed and opened again: what was typed is on the disk. Whether VS Code opens the file again is its own affair.
  await bob.page.reload();
  await expect(bob.status).toContainText("16 characters kept", { timeout: 90_000 });
  await collab.start();
  await expect(bob.status).toContainText("Saved", { timeout: 60_000 });
  await expect(ann.editor).toContainText("# typed offline");
  await bob.file("main.py");
  await expect(bob.lines).toContainText("# meanwhile");
});

