import { expect, type Page } from "@playwright/test";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Coder, patience } from "../support/code-server.ts";
import { links } from "../support/room.ts";
import { Person } from "../support/test.ts";
import { test } from "./fixtures.ts";

const program = "numbers = [1, 2, 3]\nfor i in range(len(numbers) + 1):\n    print(numbers[i])\n";

/** A folder as people have them: with what may be shared, and what may not. */
async function folderOfWork(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codecollab-folder-"));
  await mkdir(join(folder, "build"));
  const files: Record<string, string | Uint8Array> = {
    "main.py": program, "notes.txt": "mine\r\n", ".gitignore": "build/\nhidden.txt\n", "hidden.txt": "not for others", "build/made.txt": "made",
    ".env": "PASSWORD=1", "large.txt": "x".repeat(1_000_000), "picture.png": Uint8Array.of(0x89, 0x50, 0, 0xff),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

/**
 * Opens what VS Code opens in the browser. code-server leads addresses of this machine over a proxy of its own, which no server that is
 * somewhere else needs: the page is opened at the server itself.
 */
async function opened(page: Page, server: string, act: () => Promise<unknown>): Promise<Page> {
  const [popup] = await Promise.all([page.context().waitForEvent("page"), act()]);
  await popup.waitForURL(/^http/, { waitUntil: "commit" });
  const shown = await page.context().newPage();
  await shown.goto(popup.url().replace(/^http:\/\/[^/]+(\/proxy\/\d+)?/, server));
  await popup.close();
  return shown;
}

test("a folder is shared after signing in, worked on with hints and history, and written back when its room ends", async ({ browser, collab, code, model }) => {
  const folder = await folderOfWork();
  const context = await browser.newContext({ viewport: { width: 1300, height: 850 } });
  // The browser in which VS Code is has an account there, as a person's has.
  const data = { email: "ada@example.org", password: "correct horse battery staple", name: "Ada" };
  expect((await context.request.post(`${collab.url}/api/v1/auth/register`, { headers: { Origin: collab.url }, data })).ok()).toBe(true);
  const roomsOfAda = async () => ((await (await context.request.get(`${collab.url}/api/v1/me/rooms`)).json()) as { rooms: unknown[] }).rooms.length;
  const page = await context.newPage();
  const bob = new Coder(page);

  await test.step("what may leave is listed, and nothing leaves before yes", async () => {
    await page.goto(`${code.url}/?folder=${folder}`);
    await expect(page.locator(".monaco-workbench")).toBeVisible({ timeout: patience });
    await bob.command("CodeCollab: Make a Room from a Folder");
    await expect(page.locator(".quick-input-title")).toContainText("Which files?");
    const rows = page.locator(".quick-input-widget .monaco-list-row");
    await expect(rows).toHaveText([/\.gitignore/, /main\.py/, /notes\.txt/]);
    await expect(page.locator(".quick-input-widget input[type=text]").first()).toHaveAttribute("placeholder", "Left out: 1 too large, 1 no text, 3 ignored (.gitignore and the usual). Nothing is sent yet.");
    await rows.filter({ hasText: ".gitignore" }).click();
    await page.keyboard.press("Enter");
    await expect(bob.dialog).toContainText(/Send 2 files .* to 127\.0\.0\.1/);
    await expect(bob.dialog).toContainText("notes.txt");
    await bob.dialog.getByRole("button", { name: "Cancel" }).click();
    expect(await roomsOfAda()).toBe(0);
  });

  await test.step("signing in by a code, allowed on the page", async () => {
    await bob.command("CodeCollab: Make a Room from a Folder");
    await expect(page.locator(".quick-input-title")).toContainText("Which files?");
    await page.locator(".quick-input-widget .monaco-list-row").filter({ hasText: ".gitignore" }).click();
    await page.keyboard.press("Enter");
    await bob.dialog.getByRole("button", { name: "Send" }).click();
    await bob.choose("Sign in with a code");
    const door = await opened(page, collab.url, () => bob.notice("Type the code").getByRole("button", { name: "Open the page" }).click());
    await door.getByRole("button", { name: "Continue" }).click();
    await expect(door.getByRole("heading", { name: "VS Code asks for access" })).toBeVisible();
    await door.getByRole("button", { name: "Allow", exact: true }).click();
    await expect(door.getByRole("heading", { name: "It is connected" })).toBeVisible();
    await door.close();
    await bob.choose("In this window, in the place of what is open");
    await expect(bob.status).toContainText("Saved", { timeout: patience });
    await bob.file("main.py");
    expect(await roomsOfAda()).toBe(1);
  });

  const ann = new Person(await opened(page, collab.url, () => bob.command("CodeCollab: Open the Room in the Browser")), context);
  await expect(ann.editor).toContainText("numbers = [1, 2, 3]");

  await test.step("hints: by the line above the file, and by a command", async () => {
    const hint = page.locator(".codelens-decoration a").filter({ hasText: "Hint" });
    await bob.command("CodeCollab: Ask for a Hint");
    await expect(bob.notice("Hints are off in this room")).toBeVisible();
    await expect(hint).toHaveCount(0);
    await ann.page.getByRole("tab", { name: "Hints" }).click();
    const panel = ann.page.getByRole("region", { name: "Hint", exact: true });
    await panel.getByRole("checkbox", { name: "Models may be asked" }).check();
    await panel.getByRole("button", { name: "Turn hints on" }).click();
    model.says("LINE: 3\nKIND: off-by-one\nHINT: How long is `numbers`, and what is the last value of `i`?\n");
    await hint.click();
    const thread = page.locator(".review-widget");
    await expect(thread).toContainText("How long is");
    model.says("LINE: 1\nKIND: other\nHINT: The list has three numbers.\n");
    await bob.lines.first().click();
    await bob.command("CodeCollab: Explain the Code at the Caret");
    await expect(thread).toContainText("The list has three numbers");
    expect(model.asked.join("")).toContain("print(numbers[i])");
  });

  await test.step("history, at the version that is looked at", async () => {
    await bob.end();
    await page.keyboard.type("# typed in vs code\n");
    await expect(ann.editor).toContainText("# typed in vs code");
    await expect(bob.status).toContainText("Saved");
    const past = await opened(page, collab.url, () => bob.command("CodeCollab: Open the History in the Browser"));
    await expect(past).toHaveURL(/v=\d+/);
    await expect(past.locator(".history-text .cm-content")).toContainText("# typed in vs code");
    await past.close();
  });

  await test.step("the room ends while it is open: it is said, and written back with its differences", async () => {
    await writeFile(join(folder, "notes.txt"), "mine, and changed here\r\n");
    const room = new URL(ann.page.url()).pathname.split("/").at(-1) ?? "";
    expect((await context.request.delete(`${collab.url}/api/v1/rooms/${room}`, { headers: { Origin: collab.url } })).ok()).toBe(true);
    await expect(bob.status).toContainText("Not in the room");
    await expect(bob.lines.first()).toContainText("# typed in vs code"); // nothing local is lost
    await bob.notice("An owner has deleted this room").getByRole("button", { name: "Write to a folder" }).click();
    const rows = page.locator(".quick-input-widget .monaco-list-row");
    await expect(rows).toHaveCount(2);
    await expect(rows.filter({ hasText: "notes.txt" })).toContainText("changed here and in the room");
    await rows.filter({ hasText: "main.py" }).hover();
    await rows.filter({ hasText: "main.py" }).locator(".quick-input-list-entry-action-bar .action-label").click();
    await expect(page.locator(".tab.active")).toContainText("main.py: here and in the room");
    await expect(page.locator(".monaco-diff-editor").first()).toBeVisible();
    await page.locator(".quick-input-widget input[type=text]").first().press("Enter");
    await expect(bob.dialog).toContainText("Write 1 files");
    await bob.dialog.getByRole("button", { name: "Write" }).click();
    await expect(bob.notice("1 files were written")).toBeVisible();
    expect(await readFile(join(folder, "main.py"), "utf8")).toBe(`${program}# typed in vs code\n`);
    expect(await readFile(join(folder, "notes.txt"), "utf8")).toBe("mine, and changed here\r\n"); // changed on both sides: not taken by itself
    expect((await readdir(folder)).length).toBe(8);
  });
  await context.close();
  await rm(folder, { recursive: true });
});

test("a room that may only be looked at, and links that lead nowhere", async ({ browser, collab, code }) => {
  const contexts = await Promise.all([0, 1].map(() => browser.newContext({ viewport: { width: 1300, height: 850 } })));
  const [one, two] = contexts;
  if (one === undefined || two === undefined) throw new Error("no contexts");
  const ann = new Person(await one.newPage(), one);
  await ann.newRoom(collab.url);
  const { viewer } = await links(ann.page);
  const cyd = new Coder(await two.newPage());
  await cyd.enter(code, viewer);
  await expect(cyd.status).toContainText("Read-only", { timeout: patience });
  await cyd.file("main.py");
  await cyd.end();
  await cyd.page.keyboard.type("NO RIGHT");
  await ann.type("# for all to see\n");
  await expect(cyd.lines).toContainText("for all to see");
  await expect(ann.editor).not.toContainText("NO RIGHT");

  await cyd.openLink(`${collab.url}/r/no-such-room-1`);
  await expect(cyd.notice("There is no room no-such-room-1")).toBeVisible();
  await cyd.openLink("https://example.org/elsewhere");
  await expect(cyd.page.locator(".quick-input-message")).toContainText("This is no link to a room");
  await Promise.all(contexts.map((context) => context.close()));
});
