import { expect } from "@playwright/test";
import { Coder } from "../support/code-server.ts";
import { Server } from "../support/server.ts";
import { Person } from "../support/test.ts";
import { Versioned } from "../support/versions.ts";
import { test } from "./fixtures.ts";

const screen = { viewport: { width: 1300, height: 850 } };

// The real server answers; only what the extension says of its own version is changed on the way. VS Code comes by vscode://, as from
// a web page, and nothing has woken the extension before.
test("a server that is too old or too new is told of, and nothing is lost; a room by vscode://", async ({ browser, code, contextOptions }) => {
  const server = await Server.start("vscode-versions");
  const way = await Versioned.before(server.url);
  const contexts = await Promise.all([0, 1].map(() => browser.newContext({ ...contextOptions, ...screen })));
  const [one, two] = contexts;
  if (one === undefined || two === undefined) throw new Error("no contexts");
  const ann = new Person(await one.newPage(), one);
  const link = (await ann.newRoom(server.url)).replace(server.url, way.url);
  const bob = new Coder(await two.newPage());
  const open = async (uri: string): Promise<void> => {
    await bob.command("Developer: Open URL");
    await bob.answer(uri);
    await bob.dialog.getByRole("button", { name: "Open" }).click();
  };

  await test.step("vscode:// with a link that is none, and with one", async () => {
    await bob.page.goto(`${code.url}/?ew=true`);
    await expect(bob.page.locator(".monaco-workbench")).toBeVisible({ timeout: 60_000 });
    await open(`vscode://codecollab.codecollab/open?link=${encodeURIComponent("https://example.org/elsewhere")}`);
    await expect(bob.notice("This is no link to a room")).toBeVisible();
    await open(`vscode://codecollab.codecollab/open?link=${encodeURIComponent(link)}`);
    await bob.choose("Continue as a guest");
    await expect(bob.status).toContainText("Saved", { timeout: 90_000 });
    await bob.file("main.py");
  });

  await test.step("the server is older: what is typed is kept, and sent once it is upgraded", async () => {
    way.speaks = { protocol: 9, oldest: 9 };
    way.cut();
    await expect(bob.notice("is older than this extension")).toBeVisible();
    await bob.end();
    await bob.page.keyboard.type("# while it was old\n");
    await expect(bob.status).toContainText("Not in the room: 19 characters kept");
    await expect(bob.notice("is older than this extension").getByRole("button", { name: "Get the extension" })).toBeVisible();
    way.speaks = undefined;
    await expect(ann.editor).toContainText("# while it was old", { timeout: 60_000 });
    await expect(bob.status).toContainText("Saved");
  });

  await test.step("the server is newer: the extension is offered, and what was typed is sent by the next one", async () => {
    await server.stop();
    await expect(bob.status).toContainText("Offline");
    await bob.end();
    await bob.page.keyboard.type("# while it was away\n");
    await expect(bob.status).toContainText("20 characters kept");
    way.speaks = { protocol: 0, oldest: 0 };
    await server.start();
    await expect(bob.notice("is newer than this extension").getByRole("button", { name: "Get the extension" })).toBeVisible();
    await expect(bob.status).toContainText("Not in the room: 20 characters kept");
    await expect(bob.lines).toContainText("# while it was away");
    way.speaks = undefined;
    await bob.page.reload();
    await expect(bob.status).toContainText("Saved", { timeout: 90_000 });
    await expect(ann.editor).toContainText("# while it was away");
  });
  await Promise.all(contexts.map((context) => context.close()));
  await way.close();
  await server.close();
});
