import type { Page } from "@playwright/test";
import { expect, type Person, test } from "../support/test.ts";

/** The list is scrolled with the arrow keys of its search field, which axe does not know of menus. */
const scrolledByField = ["scrollable-region-focusable"];

/** Opens the picker of the room, or of the start page, and answers its search field. */
async function openPicker(page: Page, from: string | RegExp) {
  await page.getByRole("button", { name: typeof from === "string" ? `Language: ${from}` : from }).first().click();
  const search = page.getByRole("searchbox", { name: "Search languages" });
  await expect(search).toBeFocused();
  // The server may still be looking; then nothing is told apart.
  await expect(page.getByText(/^\d+ of \d+ languages are on this server$/)).toBeVisible({ timeout: 60_000 });
  return search;
}

/** Chooses a language with the keyboard. */
async function choose(who: Person, from: string, words: string, name: string): Promise<void> {
  const search = await openPicker(who.page, from);
  await search.fill(words);
  const first = who.page.getByRole("menuitemradio").first();
  await expect(first.locator(".picker-name")).toHaveText(name);
  // While one types, the first answer is the chosen one.
  await expect(first).toHaveAttribute("data-focused");
  await who.page.keyboard.press("Enter");
  await expect(who.page.getByRole("button", { name: `Language: ${name}`, exact: true }).first()).toBeVisible();
}

async function run(who: Person): Promise<void> {
  await who.saved();
  await who.page.keyboard.press("ControlOrMeta+Enter");
}

for (const [look, options] of Object.entries({
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} as const)) {
  test(`the picker tells what is on the server from what is not (${look})`, async ({ server, person }) => {
    const ann = await person({ ...options, permissions: ["clipboard-read", "clipboard-write"] });
    await ann.newRoom(server.url);
    // On a phone the page is out of reach as long as the picker is open, its heading and its main part with it.
    const outOfReach = look === "phone" ? ["landmark-one-main", "page-has-heading-one"] : [];
    const search = await openPicker(ann.page, "Python");
    await expect(ann.page.getByRole("group", { name: "On this server", exact: true }).getByRole("menuitemradio", { name: /^JavaScript \(Node\.js\) \d/ })).toBeVisible();
    await ann.accessible(...scrolledByField, ...outOfReach);
    await ann.picture(`picker-${look}`);

    // One that is not here: where it is said, and how it would come.
    const missing = ann.page.getByRole("group", { name: "Not on this server" }).getByRole("menuitemradio").first();
    await missing.scrollIntoViewIfNeeded();
    const label = (await missing.getAttribute("aria-label")) ?? "";
    expect(label).toMatch(/, not on this server$/);
    const name = label.replace(/, not on this server$/, "");
    await ann.picture(`picker-missing-list-${look}`);
    await search.fill(name);
    await missing.click();
    await expect(ann.page.getByRole("heading", { name: `${name} is not on this server` })).toBeVisible();
    await expect(ann.page.getByText(/^codecollab languages install \S+$/)).toBeVisible();
    await ann.accessible(...outOfReach);
    await ann.picture(`picker-missing-${look}`);
    await ann.page.getByRole("button", { name: "Copy the command" }).click();
    await expect(ann.page.getByText("The command is copied.")).toBeVisible();
    expect(await ann.page.evaluate(() => navigator.clipboard.readText())).toMatch(/^codecollab languages install \S+$/);
    await ann.page.getByRole("button", { name: "All languages" }).click();
    await expect(search).toBeFocused();
    await expect(search).toHaveValue(name);
    await ann.page.keyboard.press("Escape");
    await expect(ann.page.getByRole("button", { name: "Language: Python", exact: true }).first()).toBeVisible();
  });
}

test("languages answer to aliases and extensions, and recent ones come first", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await choose(ann, "Python", "node", "JavaScript (Node.js)");
  await expect(ann.page.getByRole("tab", { name: "main.js" })).toBeVisible();
  await choose(ann, "JavaScript (Node.js)", ".pl", "Perl");
  await openPicker(ann.page, "Perl");
  const recent = ann.page.getByRole("group", { name: "Recent" }).getByRole("menuitemradio");
  await expect(recent.nth(0)).toHaveText(/^Perl/);
  await expect(recent.nth(1)).toHaveText(/^JavaScript/);
});

test("a picker that is opened again while it closes begins anew", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.page.evaluate(() => document.styleSheets[0]?.insertRule(".popover[data-exiting] { transition-duration: 30s !important }"));
  await choose(ann, "Python", "node", "JavaScript (Node.js)");
  await expect(await openPicker(ann.page, "JavaScript (Node.js)")).toHaveValue("");
});

test("while the server looks for its languages the picker says so, and then tells", async ({ server, person }) => {
  const ann = await person();
  let looking = true;
  await ann.page.route("**/api/v1/languages", async (route) => {
    const response = await route.fetch();
    const list = (await response.json()) as { available?: boolean }[];
    if (looking) for (const one of list) delete one.available;
    await route.fulfill({ response, json: list, headers: { ...response.headers(), ...(looking ? { "x-languages-state": "looking" } : {}) } });
  });
  await ann.newRoom(server.url);
  await ann.page.getByRole("button", { name: "Language: Python" }).first().click();
  await expect(ann.page.getByText("The server is finding out which languages it has.")).toBeVisible();
  await ann.accessible(...scrolledByField);
  looking = false;
  await expect(ann.page.getByRole("group", { name: "On this server", exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(ann.page.getByText("The server is finding out which languages it has.")).toBeHidden();
});

test("an empty file offers the sample of its language, as one edit", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  const offer = ann.page.getByRole("button", { name: "Insert the sample program" });
  await expect(offer).toBeHidden();
  const sample = await ann.text();
  await ann.editor.click();
  await ann.page.keyboard.press("ControlOrMeta+A");
  await ann.page.keyboard.press("Delete");
  await expect(offer).toBeVisible();
  await ann.accessible();
  await ann.picture("sample-offer");
  await offer.click();
  await ann.sees(sample);
  await ben.sees(sample);
  await expect(offer).toBeHidden();
  await expect(ann.editor).toBeFocused();
  await ann.page.keyboard.press("ControlOrMeta+Z");
  await expect(offer).toBeVisible();
  await ben.sees("");
  await ann.page.keyboard.type("x");
  await expect(offer).toBeHidden();
});

const ugly = 'package main\n\nimport "fmt"\n\nfunc  main( ) {\nx:=1\n    fmt.Println( x )\n}\n';
const pretty = 'package main\n\nimport "fmt"\n\nfunc main() {\n\tx := 1\n\tfmt.Println(x)\n}\n';

test("Format is one edit of the one who asked, and leaves alone what others write", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await choose(ann, "Python", "golang", "Go");
  await expect(ann.page.getByRole("tab", { name: "main.go" })).toBeVisible();
  await ann.write(ugly);
  await ben.sees(ugly);
  const button = ann.page.getByRole("button", { name: "Format" });
  await expect(button).toBeVisible();

  // Ben writes at the end while the formatter is at work.
  let asked = (): void => {};
  let go = (): void => {};
  const wasAsked = new Promise<void>((done) => (asked = done));
  const mayGo = new Promise<void>((done) => (go = done));
  await ann.page.route("**/format", async (route) => {
    asked();
    await mayGo;
    await route.continue();
  });
  await ann.page.keyboard.press("Shift+Alt+F");
  await wasAsked;
  await ben.type("\n// ben\n");
  await ann.sees(`${ugly}\n// ben\n`);
  go();
  await ann.sees(`${pretty}\n// ben\n`);
  await ben.sees(`${pretty}\n// ben\n`);
  await expect(ann.page.getByLabel("Notices")).toContainText("main.go is formatted.");
  await ann.accessible();
  await ann.picture("format");
  await ann.page.unroute("**/format");

  await ann.editor.click();
  await ann.page.keyboard.press("ControlOrMeta+Z");
  await ben.sees(`${ugly}\n// ben\n`);
  await ann.page.keyboard.press("ControlOrMeta+Shift+Z");
  await ben.sees(`${pretty}\n// ben\n`);
  await button.click();
  await expect(ann.page.getByLabel("Notices")).toContainText("main.go is formatted already.");
});

test("an edit in the place that is formatted keeps the file as it is, in words", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await choose(ann, "Python", "golang", "Go");
  await expect(ann.page.getByRole("tab", { name: "main.go" })).toBeVisible();
  await ann.write("package main\n\nvar a  = 1");
  await ann.saved();
  let pressed: Promise<void> | undefined;
  await ann.page.route("**/format", async (route) => {
    await pressed; // and released: with Shift and Alt still down, "0" would be another shortcut
    await ann.page.keyboard.type("0");
    await ann.sees("package main\n\nvar a  = 10");
    await route.continue();
  });
  pressed = ann.page.keyboard.press("Shift+Alt+F");
  await pressed;
  // gofmt ends the file with a line feed, just where it was typed.
  await expect(ann.page.getByLabel("Notices")).toContainText("main.go was edited meanwhile, so it stays as it is. Format again.");
  await ann.sees("package main\n\nvar a  = 10");
});

test("what a formatter cannot read it says, with the line", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await choose(ann, "Python", "golang", "Go");
  await expect(ann.page.getByRole("tab", { name: "main.go" })).toBeVisible();
  await ann.write("package main\n\nfunc main() {\n\tx := := 1\n}\n");
  await ann.saved();
  await ann.page.getByRole("button", { name: "Format" }).click();
  await expect(ann.page.getByLabel("Notices")).toContainText(/Not formatted: main\.go, line 4: /);
  await expect(ann.page.locator(".problem-line")).toHaveText(/x := := 1/);
  await ann.picture("format-error");
});

test("a language without a formatter here says so", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await expect(ann.page.getByRole("button", { name: "Language: Python" }).first()).toBeVisible();
  await choose(ann, "Python", "perl", "Perl");
  await ann.page.getByRole("button", { name: /new file/i }).click();
  await ann.page.getByRole("textbox", { name: "File name" }).fill("notes.txt");
  await ann.page.keyboard.press("Enter");
  await expect(ann.page.getByRole("tab", { name: "notes.txt" })).toHaveAttribute("aria-selected", "true");
  await ann.page.keyboard.press("Shift+Alt+F");
  await expect(ann.page.getByLabel("Notices")).toContainText("This server has no formatter for this kind of file.");
});

const program = "def f():\n    raise ValueError('boom')\n\n\nf()\n";

for (const scheme of ["light", "dark"] as const) {
  test(`errors of a run are marked, lead to their line, and go when it is edited (${scheme})`, async ({ server, person }) => {
    const ann = await person({ colorScheme: scheme });
    const ben = await person();
    await ben.open(await ann.newRoom(server.url));
    await ann.write(program);
    await ben.sees(program);
    await run(ann);
    const marks = ann.page.locator(".problem-line");
    for (const who of [ann, ben]) {
      await expect(who.run).toContainText("exit 1");
      await expect(who.page.locator(".problem-line")).toHaveText(/raise ValueError\('boom'\)/);
    }
    const problem = ann.page.getByRole("list", { name: "Problems" }).getByRole("button");
    await expect(problem).toHaveCount(1);
    await expect(problem).toHaveText("main.py:2ValueError: boom");
    await ann.accessible();
    await ann.picture(`problems-${scheme}`);

    // The place leads to its line, also when others have moved it.
    await ben.editor.click();
    await ben.page.keyboard.press("ControlOrMeta+Home");
    await ben.page.keyboard.type("# ben\n");
    await ann.sees(`# ben\n${program}`);
    await expect(marks).toHaveCount(1);
    await problem.click();
    await expect(ann.page.getByLabel("Status")).toContainText("Ln 3, Col 1");
    await expect(ann.editor).toBeFocused();
    await ann.page.keyboard.type(" ");
    for (const who of [ann, ben]) await expect(who.page.locator(".problem-line")).toHaveCount(0);
  });
}

test("a place in the terminal can be clicked", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.write(program);
  await run(ann);
  await expect(ann.run).toContainText("exit 1");
  await expect(ann.output).toContainText("line 2, in f");
  await ann.editor.click();
  await ann.page.keyboard.press("ControlOrMeta+End");
  await expect(ann.page.getByLabel("Status")).toContainText("Ln 6, Col 1");
  const row = ann.page.locator(".xterm-rows > div").filter({ hasText: "line 2, in f" });
  const box = await row.boundingBox();
  await expect(async () => {
    // Terminals look for links when the pointer moves, and take their time.
    await ann.page.mouse.move(box!.x + 5, box!.y + box!.height * 3);
    await ann.page.mouse.move(box!.x + 90, box!.y + box!.height / 2, { steps: 3 });
    await expect(ann.page.locator(".xterm-cursor-pointer")).toHaveCount(1, { timeout: 1000 });
  }).toPass();
  await ann.page.mouse.click(box!.x + 90, box!.y + box!.height / 2);
  await expect(ann.page.getByLabel("Status")).toContainText("Ln 2, Col 1");
});

test("what a compiler says in colours is marked where it is", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await choose(ann, "Python", "gcc", "C");
  await expect(ann.page.getByRole("tab", { name: "main.c" })).toBeVisible();
  await ann.write("int main(void) {\n    return nothing;\n}\n");
  await run(ann);
  await expect(ann.run).toContainText("did not compile");
  await expect(ann.page.locator(".problem-line.error")).toHaveText(/return nothing;/);
  await expect(ann.page.locator(".problem-text.error")).toHaveText("nothing");
  await expect(ann.page.getByRole("list", { name: "Problems" }).getByRole("button").first()).toContainText("main.c:2");
  await ann.picture("problems-c");
});

test("errors are marked also when the language's patterns come late", async ({ server, person }) => {
  const ann = await person();
  let go = (): void => {};
  const mayGo = new Promise<void>((done) => (go = done));
  await ann.page.route("**/api/v1/languages/python", async (route) => {
    await mayGo;
    await route.continue();
  });
  await ann.newRoom(server.url);
  await ann.write(program);
  await run(ann);
  await expect(ann.run).toContainText("exit 1");
  await expect(ann.page.locator(".problem-line")).toHaveCount(0);
  go();
  await expect(ann.page.locator(".problem-line")).toHaveText(/raise ValueError/);
  await expect(ann.page.getByRole("list", { name: "Problems" })).toBeVisible();
});

test("comments and indentation are those of the file's language", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  const file = async (name: string): Promise<void> => {
    await ann.page.getByRole("button", { name: /new file/i }).click();
    await ann.page.getByRole("textbox", { name: "File name" }).fill(name);
    await ann.page.keyboard.press("Enter");
    await expect(ann.page.getByRole("tab", { name })).toHaveAttribute("aria-selected", "true");
  };
  await file("a.lua");
  await expect(ann.page.getByLabel("Status")).toContainText("Lua");
  await ann.write("print(1)");
  await ann.page.keyboard.press("ControlOrMeta+/");
  await ann.sees("-- print(1)");
  await file("b.go");
  await expect(ann.page.getByLabel("Status")).toContainText("Tabs");
  await ann.editor.click();
  await ann.page.keyboard.press("Tab");
  await ann.sees("\t");
  await file("c.sql");
  await ann.write("select 1");
  await expect(ann.page.locator(".cm-line span").filter({ hasText: "select" })).toBeVisible();
});
