import { expect, test } from "../support/test.ts";
import { xss } from "../support/xss.ts";

test("no file name becomes markup or a script", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.page.exposeFunction("hacked", () => {
    throw new Error("a name has run");
  });
  let hacked = 0;
  await ann.page.exposeFunction("hacked", () => void hacked++);
  await ben.open(await ann.newRoom(server.url));
  const names = xss.map((text) => text.replaceAll("/", "∕").trim());
  await ann.page.getByRole("navigation", { name: "Sidebar" }).getByRole("button", { name: "Files" }).click();
  const chooser = ann.page.waitForEvent("filechooser");
  await ann.page.getByRole("button", { name: "More actions for files" }).click();
  await ann.page.getByRole("menuitem", { name: "Upload files" }).click();
  await (await chooser).setFiles(names.map((name) => ({ name, mimeType: "text/plain", buffer: Buffer.from("needle <b>") })));
  await ann.saved();
  await ben.page.getByRole("navigation", { name: "Sidebar" }).getByRole("button", { name: "Files" }).click();
  const lines = () => ben.page.getByRole("treeitem").evaluateAll((all) => all.map((l) => l.querySelector(".tree-name")?.textContent));
  await expect.poll(lines).toEqual(expect.arrayContaining(names));
  for (const who of [ann, ben]) {
    await who.page.keyboard.press("ControlOrMeta+Shift+F");
    await who.page.getByRole("textbox", { name: "Search in all files" }).fill("needle");
    await expect(who.page.getByText(`${names.length} matches in ${names.length} files`)).toBeVisible();
    expect(await who.page.locator(".side b, .side script, .side img, .side iframe, .tabs b, .tabs img, .tabs svg[onload]").count()).toBe(0);
  }
  expect(hacked).toBe(0);
});
