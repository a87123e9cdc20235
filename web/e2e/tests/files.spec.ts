import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { strFromU8, unzipSync } from "fflate";
import { expect, test, type Person } from "../support/test.ts";

/** Opens the sidebar with the files. */
async function showTree(page: Page): Promise<void> {
  await page.getByRole("navigation", { name: "Sidebar" }).getByRole("button", { name: "Files" }).click();
  await expect(page.getByRole("tree", { name: "Files of the room" })).toBeVisible();
}

async function newFile({ page, editor }: Person, name: string): Promise<void> {
  await page.getByRole("button", { name: "New file" }).first().click();
  await page.getByRole("textbox", { name: "File name" }).fill(name);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByRole("tab", { name: name.slice(name.lastIndexOf("/") + 1) }).and(page.locator("[aria-selected=true]"))).toBeVisible();
  await expect(editor).toBeFocused();
}

function line(page: Page, path: string) {
  return page.locator(`[role=treeitem][data-path="${path}"]`);
}

/** The lines of the tree from top to bottom, by their paths. */
function paths(page: Page): Promise<(string | null)[]> {
  return page.getByRole("treeitem").evaluateAll((lines) => lines.map((l) => l.getAttribute("data-path")));
}

test("the tree: folders, keys, and what others do to it", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await showTree(ann.page);
  await showTree(ben.page);
  for (const name of ["lib/util.py", "lib/deep/a10.py", "lib/deep/a9.py", "README.md"]) await newFile(ann, name);
  await expect.poll(() => paths(ben.page)).toEqual(["lib/", "lib/deep/", "lib/deep/a9.py", "lib/deep/a10.py", "lib/util.py", "main.py", "README.md"]);

  const { keyboard } = ben.page;
  await line(ben.page, "lib/").click();
  await expect.poll(() => paths(ben.page)).toEqual(["lib/", "main.py", "README.md"]);
  await keyboard.press("ArrowRight");
  await keyboard.press("ArrowRight");
  await expect(line(ben.page, "lib/deep/")).toBeFocused();
  await keyboard.press("End");
  await expect(line(ben.page, "README.md")).toBeFocused();
  await keyboard.press("m");
  await expect(line(ben.page, "main.py")).toBeFocused();
  await keyboard.press("Home");
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await expect(ben.page.getByRole("tab", { name: "a9.py" })).toHaveAttribute("aria-selected", "true");
  await expect(line(ben.page, "lib/deep/a9.py")).toBeFocused();
  await keyboard.press("ArrowLeft");
  await expect(line(ben.page, "lib/deep/")).toBeFocused();
  await expect(line(ben.page, "lib/deep/")).toHaveAttribute("aria-expanded", "true");
  await expect(line(ben.page, "lib/deep/")).toHaveAttribute("aria-level", "2");
  await ben.accessible();

  // F2 renames and moves, here a folder with all that is in it; the text stays.
  await keyboard.press("F2");
  await ben.page.getByRole("textbox", { name: "File name" }).fill("lib/deep/inside");
  await expect(ben.page.getByRole("alert")).toContainText("into itself");
  await ben.page.getByRole("textbox", { name: "File name" }).fill("flat");
  await keyboard.press("Enter");
  await expect.poll(() => paths(ann.page)).toEqual(["flat/", "flat/a9.py", "flat/a10.py", "lib/", "lib/util.py", "main.py", "README.md"]);
});

test("a file is moved by dragging, and deleted and brought back with its text", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await showTree(ann.page);
  await newFile(ann, "lib/util.py");
  await ann.write("VALUE = 42\n");
  await ann.saved();
  await line(ann.page, "main.py").dragTo(line(ann.page, "lib/"));
  await expect.poll(() => paths(ann.page)).toEqual(["lib/", "lib/main.py", "lib/util.py"]);
  await expect(ben.page.getByRole("tab", { name: "main.py" })).toHaveAttribute("title", /^lib\/main\.py/);
  await line(ann.page, "lib/util.py").dragTo(ann.page.getByRole("tree"), { targetPosition: { x: 100, y: 400 } });
  await expect.poll(() => paths(ann.page)).toEqual(["lib/", "lib/main.py", "util.py"]);

  await line(ann.page, "util.py").focus();
  await ann.page.keyboard.press("Delete");
  await ann.page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(ben.page.getByRole("tab", { name: "util.py" })).toHaveCount(0);
  await ann.page.getByRole("button", { name: "Bring back" }).click();
  await ben.page.getByRole("tab", { name: "util.py" }).click();
  await ben.sees("VALUE = 42\n");
});

test("tabs: those that are open here, in an order of one's own, also after a reload", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  for (const name of ["a.py", "b.py", "lib/a.py"]) await newFile(ann, name);
  await ann.saved();
  const names = (who: Person) => who.page.getByRole("tab").evaluateAll((tabs) => tabs.map((t) => t.getAttribute("title")?.split("\n")[0]));
  await expect.poll(() => names(ann)).toEqual(expect.arrayContaining(["main.py", "a.py", "b.py", "lib/a.py"]));
  await expect(ann.page.getByRole("tab", { name: "a.py lib" })).toBeVisible();

  // Delete closes a tab and no file; the others do not notice.
  await ann.page.getByRole("tab", { name: "b.py" }).click();
  await ann.page.keyboard.press("Delete");
  await expect(ann.page.getByRole("tab", { name: "b.py" })).toHaveCount(0);
  await expect(ben.page.getByRole("tab", { name: "b.py" })).toBeVisible();
  await ann.page.locator(".file-tab").filter({ has: ann.page.getByRole("tab", { name: "main.py" }) }).dragTo(ann.page.getByRole("tab", { name: "a.py lib" }));
  const files = async () => (await names(ann)).filter((name) => name?.endsWith(".py"));
  await expect.poll(files).toEqual(["a.py", "lib/a.py", "main.py"]);
  await ann.page.reload();
  await expect(ann.editor).toBeVisible();
  await expect.poll(files).toEqual(["a.py", "lib/a.py", "main.py"]);

  // With no tab at all there is a way back.
  for (const name of ["main.py", "a.py lib", "a.py"]) {
    await ann.page.getByRole("tab", { name, exact: true }).focus();
    await ann.page.keyboard.press("Delete");
  }
  await ann.page.getByRole("button", { name: "Show the files" }).click();
  await line(ann.page, "b.py").click();
  await expect(ann.page.getByRole("tab", { name: "b.py" })).toHaveAttribute("aria-selected", "true");
});

test("uploads: texts come with line feeds, what is no text or too large is refused in words", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await showTree(ann.page);
  const choose = async (files: { name: string; mimeType: string; buffer: Buffer }[]) => {
    const chooser = ann.page.waitForEvent("filechooser");
    await ann.page.getByRole("button", { name: "More actions for files" }).click();
    await ann.page.getByRole("menuitem", { name: "Upload files" }).click();
    await (await chooser).setFiles(files);
  };
  const plain = (name: string, content: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(content) });
  const notices = ann.page.getByLabel("Notices");
  await choose([plain("dos.py", "\uFEFFone\r\ntwo\r\n😀"), { name: "picture.png", mimeType: "image/png", buffer: Buffer.from([0x89, 0x50, 0, 0]) }]);
  await expect(notices).toContainText("picture.png is not text");
  await expect(notices).toContainText("1 file is added");
  await expect(ann.page.getByRole("tab", { name: "dos.py" })).toHaveAttribute("aria-selected", "true");
  await ann.sees("one\ntwo\n😀");
  await choose([plain("huge.txt", "x".repeat(6_000_000))]);
  await expect(notices).toContainText(/huge\.txt has 6\.0 MB; a file may have at most 5,242,880 characters/);
  await expect(line(ann.page, "huge.txt")).toHaveCount(0);

  // One that is larger than a message goes in several; everybody gets all of it.
  const big = "0123456789abcdef\n".repeat(150_000);
  await choose([plain("big.txt", big)]);
  await ann.saved();
  const ben = await person();
  await ben.open(ann.page.url());
  await ben.page.getByRole("tab", { name: "big.txt" }).click();
  await ben.editor.click();
  await ben.page.keyboard.press("ControlOrMeta+End");
  await expect(ben.page.getByText("Ln 150001, Col 1")).toBeVisible();
});

test("a folder is uploaded without what is made anew, and files are dropped from the desktop", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await showTree(ann.page);
  const folder = await mkdtemp(join(tmpdir(), "upload-"));
  try {
    for (const [name, content] of [["app/index.js", "1"], ["app/lib/x.js", "2"], ["app/node_modules/y/index.js", "3"], ["app/.DS_Store", "4"]] as const) {
      await mkdir(join(folder, name, ".."), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    const chooser = ann.page.waitForEvent("filechooser");
    await ann.page.getByRole("button", { name: "More actions for files" }).click();
    await ann.page.getByRole("menuitem", { name: "Upload a folder" }).click();
    await (await chooser).setFiles(join(folder, "app"));
    await expect.poll(() => paths(ann.page)).toEqual(["app/", "app/lib/", "app/lib/x.js", "app/index.js", "main.py"]);
    await expect(ann.page.getByLabel("Notices")).toContainText(/Left out: .*node_modules/);
  } finally {
    await rm(folder, { recursive: true });
  }
  const data = await ann.page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["dropped\r\n"], "note.txt", { type: "text/plain" }));
    return transfer;
  });
  await line(ann.page, "app/lib/").dispatchEvent("dragover", { dataTransfer: data });
  await expect(ann.page.getByText("Drop files or folders to add them")).toBeVisible();
  await line(ann.page, "app/lib/").dispatchEvent("drop", { dataTransfer: data });
  await expect.poll(() => paths(ann.page)).toContain("app/lib/note.txt");
  await ann.sees("dropped\n");
  // On the text it becomes a file, too, and not a part of the text.
  await ann.editor.dispatchEvent("drop", { dataTransfer: data });
  await expect.poll(() => paths(ann.page)).toContain("note.txt");
});

test("downloads: one file, and all as a zip, without a connection", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.write("print('ü😀')\n");
  await showTree(ann.page);
  await newFile(ann, "lib/util.py");
  await ann.write("x = 1");
  await ann.saved();
  const download = ann.page.waitForEvent("download");
  await ann.page.getByRole("button", { name: "Actions for lib/util.py" }).click();
  await ann.page.getByRole("menuitem", { name: "Download" }).click();
  expect((await download).suggestedFilename()).toBe("util.py");
  expect(await readFile(await (await download).path(), "utf8")).toBe("x = 1");

  await ann.page.getByRole("button", { name: "More actions for files" }).click();
  await expect(ann.page.getByRole("menuitem", { name: "Download all as zip" })).toBeVisible();
  await server.kill();
  await expect(ann.save).toContainText(/Offline|Connecting/);
  const zip = ann.page.waitForEvent("download");
  await ann.page.getByRole("menuitem", { name: "Download all as zip" }).click();
  expect((await zip).suggestedFilename()).toMatch(/^[a-z]+-[a-z]+\.zip$/);
  const entries = unzipSync(await readFile(await (await zip).path()));
  expect(Object.fromEntries(Object.entries(entries).map(([name, bytes]) => [name, strFromU8(bytes)]))).toEqual({ "main.py": "print('ü😀')\n", "lib/util.py": "x = 1" });
});

test("a new file begins with its language's sample program when that is wanted, and in a new folder", async ({ server, person }) => {
  const ann = await person();
  await ann.page.goto(`${server.url}/?template=c`);
  await expect(ann.page.getByRole("tab", { name: "main.c" })).toBeVisible();
  await showTree(ann.page);
  await ann.page.getByRole("button", { name: "More actions for files" }).click();
  await ann.page.getByRole("menuitem", { name: "New folder" }).click();
  await expect(ann.page.getByRole("textbox", { name: "File name" })).toHaveValue(/^folder\//);
  await ann.page.getByRole("textbox", { name: "File name" }).fill("scripts/hello.sh");
  await ann.page.getByRole("checkbox", { name: "Begin with the sample program of Bash" }).check();
  await ann.page.keyboard.press("Enter");
  await ann.sees(/echo/);
  await expect.poll(() => paths(ann.page)).toEqual(["scripts/", "scripts/hello.sh", "main.c"]);
});
