import { expect } from "@playwright/test";
import { Coder, patience } from "../support/code-server.ts";
import { Person } from "../support/test.ts";
import { test } from "./fixtures.ts";

test("VS Code for the Web: the extension in a web worker, with nothing but the browser", async ({ browser, collab, web, model, contextOptions }) => {
  const screen = { ...contextOptions, viewport: { width: 1300, height: 850 } };
  const [one, two] = [await browser.newContext(screen), await browser.newContext(screen)];
  const ann = new Person(await one.newPage(), one);
  const link = await ann.newRoom(collab.url);
  await ann.write('name = input("Who? ")\nprint("Hello, " + name)\n');
  await ann.saved();
  const page = await two.newPage();
  const bob = new Coder(page);
  const sent: { readonly url: string; readonly headers: Record<string, string> }[] = [];
  const sockets: string[] = [];
  two.on("request", (request) => {
    if (request.url().startsWith(collab.url)) sent.push({ url: request.url(), headers: request.headers() });
  });
  page.on("websocket", (socket) => sockets.push(socket.url()));

  await test.step("installed from the server's address, as people do it", async () => {
    await page.goto(`${web.url}/?ew=true`);
    await expect(page.locator(".monaco-workbench")).toBeVisible({ timeout: patience });
    // A VS Code that has not begun wholly sometimes forgets what it was asked to install.
    await expect(async () => {
      await bob.command("Install Extension from Location");
      await bob.answer(`${collab.url}/vscode/web`);
      await expect(page.getByRole("tab", { name: "CodeCollab" })).toBeVisible({ timeout: 40_000 });
    }).toPass({ timeout: patience });
    await expect.poll(() => sent.some(({ url }) => url.endsWith("/vscode/web/package.json"))).toBe(true);
  });

  await test.step("joining by a link", async () => {
    await bob.openLink(link);
    await bob.choose("Continue as a guest");
    await expect(bob.status).toContainText("Saved", { timeout: patience });
    await bob.file("main.py");
  });

  await test.step("it is the web host that runs, and a token in a header by which it is known", async () => {
    expect(sockets).toEqual([]); // no remote host, and none of ours: browsers give a WebSocket no header
    expect(sent.some(({ url }) => url.endsWith("/vscode/web/out/web.js"))).toBe(true);
    expect(sent.some(({ url }) => url.endsWith("/vscode/web/out/node.js"))).toBe(false);
    const stream = sent.filter(({ url }) => url.endsWith("/stream"));
    expect(stream.length).toBeGreaterThan(0);
    for (const { headers } of stream) {
      expect(headers["authorization"]).toMatch(/^Bearer /);
      expect(headers["cookie"]).toBeUndefined();
    }
    expect((await two.cookies(collab.url)).filter(({ name }) => name === "codecollab")).toEqual([]);
  });

  await test.step("typing on both sides", async () => {
    await bob.end();
    await page.keyboard.type("# from the web\n");
    await expect(ann.editor).toContainText("# from the web");
    await ann.editor.click();
    await ann.page.keyboard.press("ControlOrMeta+Home");
    await ann.page.keyboard.type("# from the page\n");
    await expect(bob.lines).toContainText("from the page");
  });

  await test.step("running, with input", async () => {
    await bob.lines.first().click();
    await page.keyboard.press("ControlOrMeta+Enter");
    await expect(ann.output).toContainText("Who?");
    await page.locator(".terminal-wrapper .xterm").click();
    await page.keyboard.type("Bob\n");
    await expect(ann.output).toContainText("Hello, Bob");
  });

  await test.step("offline and back", async () => {
    await collab.stop();
    await expect(bob.status).toContainText("Offline");
    await bob.end();
    await page.keyboard.type("# typed offline\n");
    await expect(bob.status).toContainText("16 characters kept");
    // The window is closed: what was typed is in the browser, and sent when the room is opened again.
    const room = page.url();
    await page.goto("about:blank");
    await collab.start();
    await page.goto(room);
    await expect(bob.status).toContainText("Saved", { timeout: patience });
    await expect(ann.editor).toContainText("# typed offline");
  });

  await test.step("hints", async () => {
    await ann.page.getByRole("tab", { name: "Hints" }).click();
    const panel = ann.page.getByRole("region", { name: "Hint", exact: true });
    await panel.getByRole("checkbox", { name: "Models may be asked" }).check();
    await panel.getByRole("button", { name: "Turn hints on" }).click();
    model.says("LINE: 2\nKIND: other\nHINT: What does `input` give back?\n");
    await bob.file("main.py");
    await page.locator(".codelens-decoration a").filter({ hasText: "Hint" }).click();
    await expect(page.locator(".review-widget")).toContainText("give back?");
  });

  await test.step("chat", async () => {
    await bob.command("CodeCollab: Focus on Chat View");
    const chat = page.frameLocator("iframe.webview").frameLocator("#active-frame");
    await chat.getByRole("textbox").fill("hello from the web");
    await chat.getByRole("textbox").press("Enter");
    await ann.page.getByRole("tab", { name: /^Chat/ }).click();
    await expect(ann.page.getByText("hello from the web", { exact: true }).first()).toBeVisible();
    await expect(chat.locator("#list")).toContainText("hello from the web");
  });
  await Promise.all([one.close(), two.close()]);
});
