import { expect, test } from "../support/test.ts";

const ask = "name = input('Name? ')\nprint('Hello,', name)\n";
const echo = "import sys\nprint('ready')\nfor line in sys.stdin: print('got', line.strip())\nprint('the end')\n";

test("a prompt appears for all, anyone answers, and every line says who typed it", async ({ server, person }) => {
  const ann = await person({ colorScheme: "dark" });
  const ben = await person({ colorScheme: "light" });
  const link = await ann.newRoom(server.url);
  await ben.open(link);
  await ann.write(ask);
  await ann.saved();
  await ann.page.keyboard.press("ControlOrMeta+Enter");
  for (const who of [ann, ben]) {
    await expect(who.output).toContainText("Name?");
    await expect(who.run).toContainText("waiting for input");
  }
  // Who pressed Run and did nothing since may type at once; nobody else's focus moves.
  await expect(ann.terminal).toBeFocused();
  await expect(ben.terminal).not.toBeFocused();
  const took = await ann.page.evaluate(() => performance.getEntriesByName("codecollab: first output")[0]?.duration);
  test.info().annotations.push({ type: "ms from Run to the prompt", description: String(took) });
  console.log(`first prompt after ${took?.toFixed(0)} ms`);

  await ben.terminal.focus();
  await ben.page.keyboard.type("Bob");
  await expect(ann.output).toContainText("Name? Bob");
  const cara = await person();
  await cara.open(link);
  await expect(cara.output).toContainText("Name? Bob");
  await expect(cara.run).toContainText("waiting for input");
  for (const who of [ann, ben, cara]) await expect(who.output).toContainText(/Name\? Bob \(typed by \w+ \w+\)/);
  await ann.picture("terminal-dark");
  await ben.picture("terminal-light");
  await ann.accessible();
  await ben.accessible();
  await ben.page.keyboard.press("Enter");
  for (const who of [ann, ben, cara]) {
    await expect(who.output).toContainText("Hello, Bob");
    await expect(who.run).toContainText("exit 0");
    await expect(who.page.locator(".typist-face")).toHaveCount(1);
  }
});

test("typing goes on in the editor when the program asks", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.write(`import time\ntime.sleep(1)\n${ask}`);
  await ann.saved();
  await ann.page.keyboard.press("ControlOrMeta+Enter");
  await ann.page.keyboard.type("# on");
  await expect(ann.run).toContainText("waiting for input");
  await expect(ann.terminal).not.toBeFocused();
  await expect(ann.page.locator(".cm-content")).toBeFocused();
});

test("Ctrl-C, end of input, and the way out of the terminal", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.write(echo);
  await ann.saved();
  await ann.page.keyboard.press("ControlOrMeta+Enter");
  await expect(ann.terminal).toBeFocused();
  await ann.page.keyboard.type("one\n");
  await expect(ann.output).toContainText("got one");
  await ann.page.keyboard.press("Escape");
  await ann.page.keyboard.press("Tab");
  await expect(ann.terminal).not.toBeFocused();
  await ann.terminal.focus();
  await ann.page.keyboard.press("ControlOrMeta+U");
  await ann.page.keyboard.press("ControlOrMeta+D");
  await expect(ann.output).toContainText("the end");
  await expect(ann.run).toContainText("exit 0");
  // What has ended takes no keys, and Tab goes on.
  await ann.terminal.focus();
  await ann.page.keyboard.press("Tab");
  await expect(ann.terminal).not.toBeFocused();

  await ann.page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(ann.run).toContainText("waiting for input");
  await expect(ann.terminal).toBeFocused();
  await ann.page.keyboard.press("Control+C");
  await expect(ann.output).toContainText("KeyboardInterrupt");
  await expect(ann.run).toContainText(/exit|signal/);
});

test("a saved input takes the place of the terminal", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.write(echo);
  await ann.saved();
  await ann.page.getByRole("button", { name: "Input", exact: true }).click();
  await ann.page.getByLabel("Saved input").fill("from a text\n");
  await expect(ann.page.getByRole("switch", { name: "Use this input" })).toBeChecked();
  await ann.accessible();
  await ann.picture("input");
  await ann.page.keyboard.press("ControlOrMeta+Enter");
  await expect(ann.output).toContainText("got from a text");
  await expect(ann.output).toContainText("the end");
  await expect(ann.run).toContainText("exit 0");
});

const leave = `
import struct, zlib
def chunk(kind, data): return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
size = 120
rows = b"".join(b"\\0" + bytes(v for x in range(size) for v in (2 * x, 2 * y, 160)) for y in range(size))
png = b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
open("plot.png", "wb").write(png)
open("table.csv", "w").write("city,people\\n" + "".join(f"town {i},{i * 1000}\\n" for i in range(200)))
open("page.html", "w").write("<h1>Made by a program</h1><script>parent.document.title = 'hacked'; document.body.append('script ran')</script>")
print("written")
`;

test("files that a program writes come back to all", async ({ server, person }) => {
  const ann = await person();
  const ben = await person({ colorScheme: "dark" });
  await ben.open(await ann.newRoom(server.url));
  await ann.write(leave);
  await ann.saved();
  await ann.page.keyboard.press("ControlOrMeta+Enter");
  for (const who of [ann, ben]) {
    const image = who.page.getByRole("img", { name: "plot.png" });
    await expect(image).toBeVisible();
    await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(120);
    const table = who.page.getByRole("region", { name: "The first rows of table.csv" });
    await expect(table).toContainText("town 49");
    await expect(table).not.toContainText("town 51");
  }
  await ann.accessible();
  await ben.picture("files-dark");
  await ann.page.getByRole("button", { name: "Show in a sandboxed frame" }).click();
  const frame = ann.page.frameLocator("iframe");
  await expect(frame.getByRole("heading", { name: "Made by a program" })).toBeVisible();
  await expect(frame.getByText("script ran")).toHaveCount(0);
  expect(await ann.page.title()).toContain("CodeCollab");
  await ann.page.getByRole("button", { name: "Show as text" }).click();
  await expect(ann.page.locator(".run-text")).toContainText("<script>");
  await ann.picture("files-light");
  await ann.page.getByRole("button", { name: "Enlarge plot.png" }).click();
  await expect(ann.page.getByRole("dialog", { name: "plot.png" })).toBeVisible();
  await ann.page.keyboard.press("Escape");
});

test("escape sequences do no harm", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  const title = await ann.page.title();
  await ann.page.evaluate(() => {
    const taken: string[] = [];
    Object.assign(window, { taken, open: () => taken.push("window"), confirm: () => taken.push("confirm") });
    navigator.clipboard.writeText = async () => void taken.push("clipboard");
  });
  const hostile = [
    "\\x1b]0;hacked\\x07", "\\x1b]52;c;aGFja2Vk\\x07", "\\x1b]8;;https://example.invalid/\\x1b\\\\a link\\x1b]8;;\\x1b\\\\",
    "\\x1b[6n\\x1b[c\\x1b]10;?\\x07\\x1b]11;?\\x07\\x1bP$qm\\x1b\\\\", "\\x1b[?1003h\\x1b[?1004h", "\\x1b[2147483647b\\x1b[2147483647L\\x1b[2147483647M", "\\x1b[8;500;500t",
  ];
  await ann.write(`import os, sys\nsys.stdout.write("${hostile.join("")}")\nline = input("\\nstill? ")\nprint("read", repr(line))\n`);
  await ann.saved();
  await ann.page.keyboard.press("ControlOrMeta+Enter");
  await expect(ann.run).toContainText("waiting for input");
  await expect(ben.output).toContainText("still?");
  await ann.page.getByText("a link").last().click({ force: true });
  await ann.page.mouse.move(900, 400);
  await ann.terminal.focus();
  await ann.page.keyboard.type("yes\n");
  await expect(ann.output).toContainText("read 'yes'");
  expect(await ann.page.title()).toBe(title);
  expect(await ann.page.evaluate(() => (window as unknown as { taken: string[] }).taken)).toEqual([]);
});

test("standard error is told apart, and colours are the theme's", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.write("import sys\nfor i in range(8): print(f'\\x1b[{30+i}m colour {i} \\x1b[0m \\x1b[4{i}m background \\x1b[0m')\nprint('\\x1b[38;2;255;255;255mwhite\\x1b[0m \\x1b[38;5;226myellow\\x1b[0m', flush=True)\nprint('oops', file=sys.stderr)\nprint('after')\n");
  await ann.saved();
  await ann.page.keyboard.press("ControlOrMeta+Enter");
  await expect(ann.run).toContainText("exit 0");
  await expect(ann.page.locator(".stream-tint.stderr")).toHaveCount(1);
  await expect(ann.page.locator(".stream-tint.stderr")).toContainText("err");
  await ann.accessible();
  await ann.picture("colours-light");
});

test("on a phone a line is typed and sent, and keys are buttons", async ({ server, person }) => {
  const ann = await person({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await ann.newRoom(server.url);
  await ann.write(`${ask}input('More? ')\n`);
  await ann.saved();
  await ann.page.getByRole("button", { name: "Run", exact: true }).tap();
  await expect(ann.run).toContainText("waiting for input");
  await ann.page.getByRole("textbox", { name: "A line for the program" }).fill("Ann");
  await ann.page.getByRole("button", { name: "Send" }).tap();
  await expect(ann.output).toContainText("Hello, Ann");
  await expect(ann.output).toContainText("More?");
  await ann.accessible();
  await ann.picture("terminal-phone");
  expect(await ann.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  await ann.page.getByRole("button", { name: /Interrupt/ }).tap();
  await expect(ann.run).toContainText(/exit|signal/);
});
