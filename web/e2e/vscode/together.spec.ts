import { expect } from "@playwright/test";
import { Coder, CodeServer } from "../support/code-server.ts";
import { Server } from "../support/server.ts";
import { Person, test as base } from "../support/test.ts";

const test = base.extend<object, { collab: Server; code: CodeServer }>({
  collab: [async ({}, use) => {
    const server = await Server.start("vscode");
    await use(server);
    await server.close();
  }, { scope: "worker" }],
  code: [async ({}, use) => {
    const code = await CodeServer.start();
    await use(code);
    await code.close();
  }, { scope: "worker", timeout: 180_000 }],
});

test("types on both sides", async ({ browser, collab, code }) => {
  const context = await browser.newContext();
  const ann = new Person(await context.newPage(), context);
  const link = await ann.newRoom(collab.url);
  const bob = new Coder(await (await browser.newContext()).newPage());
  await bob.join(code, link);
  await bob.page.screenshot({ path: "/tmp/shot1.png" });
  await bob.file("main.py");
  await bob.end();
  await bob.page.keyboard.type("# from vs code\n");
  await expect(ann.editor).toContainText("# from vs code");
  await ann.editor.click();
  await ann.page.keyboard.press("ControlOrMeta+Home");
  await ann.page.keyboard.type("# from the page\n");
  await expect(bob.lines.first()).toContainText("from the page");
  await bob.page.screenshot({ path: "/tmp/shot2.png" });
});
