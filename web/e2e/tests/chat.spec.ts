import { corpus } from "../../app/test/xss.ts";
import { expect, type Person, test } from "../support/test.ts";

async function open(who: Person): Promise<void> {
  await who.page.keyboard.press("Shift+Alt+C");
  await expect(field(who)).toBeFocused();
}

const field = (who: Person) => who.page.getByRole("textbox", { name: "Write a message" });
const log = (who: Person) => who.page.getByRole("log", { name: "Messages" });
const tab = (who: Person) => who.page.getByRole("tab", { name: /^Chat/ });

async function say(who: Person, text: string): Promise<void> {
  await field(who).fill(text);
  await who.page.keyboard.press("Enter");
}

test("two people talk; what is unread is marked; nothing is lost offline", async ({ server, person }) => {
  const ann = await person({ colorScheme: "dark" });
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await open(ann);
  await ann.page.keyboard.type("hello Ben");
  await ann.page.keyboard.press("Shift+Enter");
  await ann.page.keyboard.type("second line");
  expect(await log(ann).textContent()).toContain("Nothing has been said yet");
  await ann.page.keyboard.press("Enter");
  await expect(field(ann)).toHaveValue("");
  await expect(log(ann)).toContainText("hello Ben\nsecond line");

  // Ben has not opened the chat: he is told, on the tab, in the title and by his screen reader.
  await expect(tab(ben)).toHaveAccessibleName(/1 unread message/);
  await expect(ben.page).toHaveTitle(/^\(1\) /);
  await expect(ben.page.getByTestId("live-region")).toContainText(/writes: hello Ben/);
  await open(ben);
  await expect(log(ben)).toContainText("hello Ben\nsecond line");
  await expect(tab(ben)).toHaveAccessibleName("Chat");
  await expect(ben.page).not.toHaveTitle(/^\(/);
  await expect(tab(ann)).toHaveAccessibleName("Chat");

  // What is being written is kept, and what was said offline is sent once.
  await field(ben).fill("half a tho");
  await ben.page.reload();
  await expect(ben.editor).toBeVisible();
  await open(ben);
  await expect(field(ben)).toHaveValue("half a tho");
  await expect(log(ben)).toContainText("hello Ben");
  await expect(tab(ben)).toHaveAccessibleName("Chat");
  await server.kill();
  await expect(ben.save).not.toContainText(/^Saved/);
  await say(ben, "said without a server");
  await say(ben, "and more");
  await expect(log(ben)).toContainText("not sent yet");
  await server.start();
  await ben.saved();
  for (const who of [ann, ben]) {
    await expect(log(who)).toContainText("and more");
    await expect(log(who).getByText("said without a server")).toHaveCount(1);
    await expect(log(who)).not.toContainText("not sent yet");
  }
});

test("code, addresses and places; a place is a button that jumps", async ({ server, person }) => {
  const ann = await person();
  const ben = await person({ colorScheme: "dark" });
  await ben.open(await ann.newRoom(server.url));
  await ann.write(Array.from({ length: 80 }, (_, i) => `line_${i + 1} = ${i + 1}`).join("\n"));
  await ann.saved();
  await open(ann);
  await say(ann, "look at `line_70 < 3`, main.py:70, other.py:3 and https://example.org/a?b=<c>.");
  await say(ann, "```python\nif x < 3:\n    print('<b>')\n```");
  await open(ben);
  const message = log(ben);
  await expect(message.locator("code")).toHaveText("line_70 < 3");
  await expect(message.locator("pre")).toHaveText("if x < 3:\n    print('<b>')");
  const link = message.getByRole("link");
  await expect(link).toHaveCount(1);
  await expect(link).toHaveAttribute("href", "https://example.org/a?b=");
  await expect(link).toHaveAttribute("rel", "noopener noreferrer");
  await expect(link).toHaveAttribute("target", "_blank");
  await expect(message.locator(".place")).toHaveCount(1);
  await message.getByRole("button", { name: "main.py:70" }).click();
  await expect(ben.editor).toBeFocused();
  await expect(ben.page.locator(".cm-activeLine")).toHaveText("line_70 = 70");
  await ben.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await message.getByRole("button", { name: "Copy code" }).click();
  expect(await ben.page.evaluate(() => navigator.clipboard.readText())).toBe("if x < 3:\n    print('<b>')");
  await ann.accessible();
  await ben.accessible();
  await ann.picture("chat-light");
  await ben.picture("chat-dark");
});

test("a composed word is not sent by the Enter that ends it (IME)", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await open(ann);
  const keys = await ann.context.newCDPSession(ann.page);
  await keys.send("Input.imeSetComposition", { text: "にほん", selectionStart: 3, selectionEnd: 3 });
  await field(ann).dispatchEvent("keydown", { key: "Enter", code: "Enter", isComposing: true });
  await field(ann).dispatchEvent("keydown", { key: "Enter", code: "Enter", keyCode: 229 });
  await expect(field(ann)).toHaveValue("にほん");
  await keys.send("Input.insertText", { text: "日本" });
  await expect(field(ann)).toHaveValue("日本");
  await ann.page.keyboard.press("Enter");
  await expect(log(ann)).toContainText("日本");
});

test("too long a message is not sent, and stays", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await open(ann);
  await field(ann).fill("x".repeat(4001));
  await expect(ann.page.getByText("1 characters too many")).toBeVisible();
  await ann.page.keyboard.press("Enter");
  await expect(field(ann)).toHaveValue("x".repeat(4001));
  await field(ann).fill("x".repeat(4000));
  await ann.page.keyboard.press("Enter");
  await expect(field(ann)).toHaveValue("");
  await expect(log(ann)).toContainText("x".repeat(4000));
});

test("earlier messages are loaded, and what is in view stays there", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  const link = await ann.newRoom(server.url);
  await open(ann);
  for (let i = 0; i < 130; i++) await say(ann, `message number ${i}`);
  await expect(log(ann)).toContainText("message number 129");
  await ann.saved();
  await ben.open(link);
  await open(ben);
  await expect(log(ben).getByText("message number 129")).toBeInViewport();
  await expect(log(ben).getByText("message number 30", { exact: true })).toBeAttached();
  await expect(log(ben).getByText("message number 29", { exact: true })).toHaveCount(0);
  await log(ben).evaluate((e) => (e.scrollTop = 0));
  await ben.page.getByRole("button", { name: "Earlier messages" }).click();
  await expect(log(ben).getByText("message number 0", { exact: true })).toBeAttached();
  await expect(log(ben).getByText("message number 30", { exact: true })).toBeInViewport();
  await expect(ben.page.getByRole("button", { name: "Earlier messages" })).toHaveCount(0);
  // Who reads above is not pulled down by what comes.
  await say(ann, "newest");
  await ben.page.getByRole("button", { name: "1 new message" }).click();
  await expect(log(ben).getByText("newest")).toBeInViewport();
});

test("no message becomes markup (XSS corpus)", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await open(ann);
  await open(ben);
  for (const text of corpus) await say(ann, text);
  await say(ann, "the end");
  await expect(log(ben).getByText("the end")).toBeVisible();
  const made = await log(ben).evaluate((e) => [...new Set([...e.querySelectorAll("*")].map((x) => x.localName))].sort());
  const known = ["a", "article", "b", "button", "code", "div", "header", "p", "path", "pre", "rect", "span", "svg", "time"];
  expect(made.filter((name) => !known.includes(name))).toEqual([]);
  for (const href of await log(ben).getByRole("link").evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href))) expect(href).toMatch(/^https?:/);
  const attributes = await log(ben).evaluate((e) => [...e.querySelectorAll("*")].flatMap((x) => [...x.attributes].map((a) => a.name)).filter((n) => n.startsWith("on")));
  expect(attributes).toEqual([]);
  for (const who of [ann, ben]) expect(await who.page.evaluate(() => "pwned" in window)).toBe(false);
});

test("on a phone, in German", async ({ server, person }) => {
  const ann = await person({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: "de-DE" });
  await ann.newRoom(server.url);
  await ann.page.getByRole("navigation", { name: "Ansichten" }).getByRole("button", { name: /^Chat/ }).click();
  const write = ann.page.getByRole("textbox", { name: "Nachricht schreiben" });
  await write.fill("Grüße, siehe main.py:2\n```\nprint('hallo')\n```");
  await ann.page.getByRole("button", { name: "Senden" }).click();
  await expect(ann.page.getByRole("log", { name: "Nachrichten" })).toContainText("Grüße");
  await ann.accessible();
  await ann.picture("chat-phone");
});
