import { Probe } from "../support/probe.ts";
import { expect, test } from "./fixtures.ts";
import { between, letter, listen, marksOf, shows, typing, watch } from "./marks.ts";

const keys = 100;
/** For VS Code alone. */
const fewer = 50;
const lines = { page: ".cm-line", code: ".editor-instance .view-line" };

// What a key takes between VS Code and the page, where that goes, and what VS Code alone takes of it in the same window: the way
// from a key to its extensions, and from an edit of an extension to its screen.
test("a keystroke is on the other side at once", async ({ both: { ann, bob }, code }) => {
  test.setTimeout(400_000);
  const probe = new Probe(code);
  await listen(ann.page);
  await ann.page.reload();
  await ann.write("");
  await ann.saved();
  await expect(bob.lines).not.toContainText("print");

  await test.step("from VS Code to the page", async () => {
    await bob.end();
    await Promise.all([watch(bob.page, lines.code), watch(ann.page, lines.page)]);
    await probe.heard(letter);
    await typing(keys, () => bob.page.keyboard.press(letter));
    await shows(ann.page, keys);
    const [from, to, heard] = [await marksOf(bob.page), await marksOf(ann.page), await probe.heard(letter)];
    between("key in VS Code: to its own screen", from.down, from.painted);
    between("key in VS Code: reaches its scripts", from.down, from.handled);
    between("… extensions hear of it", from.handled, heard);
    between("… in the room, and come to the page's socket", heard, to.came);
    between("… stands on the page", to.came, to.shown);
    between("… is painted", to.shown, to.painted);
    const all = between("VS Code to the page", from.down, to.painted);
    expect(all[Math.floor(all.length / 2)]).toBeLessThan(1000);
  });
  await ann.write("");
  await expect(bob.lines).not.toContainText(letter);

  await test.step("from the page to VS Code", async () => {
    await ann.editor.click();
    await Promise.all([watch(bob.page, lines.code), watch(ann.page, lines.page)]);
    await probe.heard(letter);
    await typing(keys, () => ann.page.keyboard.press(letter));
    await shows(bob.page, keys);
    const [from, to, heard] = [await marksOf(ann.page), await marksOf(bob.page), await probe.heard(letter)];
    between("key on the page: is sent", from.down, from.sent);
    between("… in the room, and back at the page", from.sent, from.came);
    between("… VS Code's extensions hear of it as of an edit", from.came, heard);
    between("… stands on VS Code's screen (after they heard)", heard, to.shown);
    between("… is painted", to.shown, to.painted);
    const all = between("the page to VS Code", from.down, to.painted);
    expect(all[Math.floor(all.length / 2)]).toBeLessThan(1000);
  });

  await test.step("VS Code alone", async () => {
    await bob.command("New Untitled Text File");
    await expect(bob.page.locator(".tab.active").filter({ hasText: "Untitled" })).toBeVisible();
    await watch(bob.page, lines.code);
    await probe.heard(letter);
    await typing(fewer, () => bob.page.keyboard.press(letter));
    await shows(bob.page, fewer);
    const typed = await marksOf(bob.page);
    between("VS Code alone: key to its extensions", typed.down, await probe.heard(letter));
    await watch(bob.page, lines.code);
    const asked: number[] = [];
    await typing(fewer, async () => asked.push(await probe.insert(letter)));
    await shows(bob.page, 2 * fewer);
    const inserted = await marksOf(bob.page);
    between("VS Code alone: edit of an extension to its own event", asked, await probe.heard(letter));
    between("VS Code alone: edit of an extension to its screen", asked, inserted.painted.slice(fewer));
  });
});
