import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import { Proxy } from "../support/proxy.ts";
import { expect, Person, test } from "../support/test.ts";

/** Never lose a character: every way in which a page can be cut off from its server, or from its own memory. */

const onlyHere = /\d+ characters? only in this browser/;
const onlyInTab = /\d+ characters? only in this tab/;

test.describe("a connection that is half open", () => {
  test.use({ serverArgs: ["--heartbeat", "1s"] });

  test("is noticed, and what was typed meanwhile arrives once there is another", async ({ server, person }) => {
    const proxy = await Proxy.before(server.url);
    try {
      const ann = await person();
      const ben = await person();
      const link = await ann.newRoom(proxy.through(server.url));
      await ben.open(link);
      await ann.write("before\n");
      await ben.sees("before\n");
      proxy.stall();
      await ann.type("into the void\n");
      await expect(ann.save).toContainText(onlyHere);
      await expect(ann.save).toContainText(/^Offline/);
      proxy.resume();
      await ann.saved();
      await ben.sees("before\ninto the void\n");
    } finally {
      await proxy.close();
    }
  });

  test("and a tab that sleeps: it wakes up with all that happened, and sends what it had", async ({ server, person }) => {
    // Chromium lets a page that was frozen run slowly for a while.
    test.skip(process.env["CODECOLLAB_TEST_LONG"] === undefined, "it takes some minutes; CODECOLLAB_TEST_LONG=1 runs it");
    test.setTimeout(240_000);
    const proxy = await Proxy.before(server.url);
    try {
      const ann = await person();
      const ben = await person();
      const link = await ann.newRoom(proxy.through(server.url));
      await ann.write("one\n");
      await ann.saved();
      const benLink = new URL(link);
      benLink.port = new URL(server.url).port;
      await ben.open(benLink.href);
      await ben.sees("one\n");
      proxy.stall();
      await ann.type("unsent\n");
      await expect(ann.save).toContainText(onlyHere);
      const session = await ann.context.newCDPSession(ann.page);
      await session.send("Page.setWebLifecycleState", { state: "frozen" });
      await server.kill();
      await server.start();
      await ben.saved();
      await ben.type("two\n");
      await ben.saved();
      proxy.resume();
      await session.send("Page.setWebLifecycleState", { state: "active" });
      // A page without a window draws no frame after it was frozen, and Playwright waits for one: it is asked directly.
      const shown = async (selector: string): Promise<string> => {
        const expression = `document.querySelector(${JSON.stringify(selector)}).innerText`;
        return String((await session.send("Runtime.evaluate", { expression })).result.value);
      };
      await expect.poll(() => shown("[data-testid=save-state]")).toMatch(/^All saved/);
      await ben.sees(/unsent/);
      await expect.poll(async () => (await shown(".cm-content")).trimEnd()).toBe((await ben.text()).trimEnd());
    } finally {
      await proxy.close();
    }
  });
});

test("two tabs of one person are cut off and closed: the next one brings what both had", async ({ server, person }) => {
  const ann = await person();
  const link = await ann.newRoom(server.url);
  const two = new Person(await ann.context.newPage(), ann.context);
  await two.open(link);
  await ann.write("both\n");
  await two.sees("both\n");
  await ann.saved();
  await server.kill();
  await ann.type("first tab\n");
  await two.type("second tab\n");
  for (const tab of [ann, two]) await expect(tab.save).toContainText(onlyHere);
  for (const tab of [ann, two]) await tab.page.close({ runBeforeUnload: false });
  await server.start();
  const three = new Person(await ann.context.newPage(), ann.context);
  await three.page.goto(link);
  await three.sees(/first tab/);
  await three.sees(/second tab/);
  await three.saved();
  const ben = await person();
  await ben.open(link);
  expect((await ben.text()).split("\n").toSorted()).toEqual(["", "both", "first tab", "second tab"]);
});

test("without locks, as over plain HTTP: a reload and the next visit bring what was unsent, and two tabs stay apart", async ({ server, person }) => {
  const ann = await person();
  await ann.context.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "locks"));
  const link = await ann.newRoom(server.url);
  expect(await ann.page.evaluate(() => "locks" in navigator)).toBe(false);
  await ann.write("both\n");
  await ann.saved();
  const two = new Person(await ann.context.newPage(), ann.context);
  await two.open(link);
  await two.type("two\n");
  await ann.sees(/two/);
  ann.page.on("dialog", (dialog) => void dialog.accept());
  await ann.page.routeWebSocket(/\/socket$/, (socket) => void socket.close());
  await ann.page.route(/\/stream$/, (route) => route.abort());
  await ann.page.reload();
  await expect(ann.save).toContainText(/^Offline/, { timeout: 30_000 });
  await ann.type("unsent\n");
  await expect(ann.save).toContainText(onlyHere);
  await ann.page.reload();
  await ann.sees(/unsent/);
  await ann.page.close({ runBeforeUnload: false });
  const three = new Person(await ann.context.newPage(), ann.context);
  await three.page.goto(link);
  await three.sees(/unsent/);
  await three.saved();
  await two.sees(/unsent/);
});

test("the server is another build after a restart: the page says so and goes on working", async ({ server, person }) => {
  const folder = await mkdtemp(join(tmpdir(), "codecollab-e2e-build-"));
  try {
    const newer = join(folder, "codecollab");
    const build = promisify(execFile)("go", ["build", "-buildvcs=false", "-ldflags", "-X main.version=999.0.0", "-o", newer, "./cmd/codecollab"], {
      cwd: resolve(import.meta.dirname, "../../.."),
    });
    const ann = await person();
    await ann.newRoom(server.url);
    await ann.write("before\n");
    await ann.saved();
    await build;
    await server.kill();
    await ann.type("between\n");
    server.program = newer;
    await server.start();
    await ann.saved();
    const offer = ann.page.getByText("There is a new version of CodeCollab.");
    await expect(offer).toBeVisible();
    await ann.type("after\n");
    await ann.saved();
    await ann.picture("new-version");
    await ann.page.getByRole("button", { name: "Reload" }).click();
    await ann.sees("before\nbetween\nafter\n");
    await ann.saved();
    await expect(offer).toBeHidden();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("the cookie is gone: a fresh guest sends what the former one had typed", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  const link = await ann.newRoom(server.url);
  await ben.open(link);
  await ann.write("before\n");
  await ben.sees("before\n");
  await server.kill();
  await ann.type("unsent\n");
  await expect(ann.save).toContainText(onlyHere);
  await ann.context.clearCookies();
  await server.start();
  await ann.saved();
  await ben.sees("before\nunsent\n");
  await ann.sees("before\nunsent\n");
});

test("the cookie is gone over a reload, and nothing else", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  const link = await ann.newRoom(server.url);
  await ben.open(link);
  await ann.write("before\n");
  await ben.sees("before\n");
  await server.kill();
  await ann.type("unsent\n");
  await expect(ann.save).toContainText(onlyHere);
  await ann.context.clearCookies();
  ann.page.on("dialog", (dialog) => void dialog.accept());
  await server.start();
  await ann.page.reload();
  await ann.sees("before\nunsent\n");
  await ann.saved();
  await ben.sees("before\nunsent\n");
});

test("where IndexedDB is forbidden, the page says that only this tab has the text", async ({ server, person }) => {
  const ann = await person();
  await ann.context.addInitScript(() => {
    Object.defineProperty(globalThis, "indexedDB", {
      get() {
        throw new DOMException("no storage here", "SecurityError");
      },
    });
  });
  await ann.newRoom(server.url);
  await ann.write("before\n");
  await ann.saved();
  await server.kill();
  await ann.type("unsent\n");
  await expect(ann.save).toContainText(onlyInTab);
  await expect(ann.page.getByText("Leave the tab open until they are sent.")).toBeVisible();
  const asked = ann.page.waitForEvent("dialog");
  void ann.page.close({ runBeforeUnload: true });
  await (await asked).dismiss();
  await server.start();
  await ann.saved();
  await ann.sees("before\nunsent\n");
});

test("a full disk: the page says what is in this tab only, until there is room again", async ({ server, person }) => {
  const ann = await person();
  const session = await ann.context.newCDPSession(ann.page);
  const { origin } = new URL(server.url);
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
  await ann.newRoom(server.url);
  await ann.write("before\n");
  await ann.saved();
  await server.kill();
  await ann.type("unsent\n");
  await expect(ann.save).toContainText(onlyInTab);
  await session.send("Storage.overrideQuotaForOrigin", { origin });
  await expect(ann.save).toContainText(onlyHere);
  await server.start();
  await ann.saved();
  await ann.sees("before\nunsent\n");
});

test("what was typed into a file that others delete is recovered, and can be put elsewhere", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  const link = await ann.newRoom(server.url);
  await ben.open(link);
  await ann.write("before\n");
  await ben.sees("before\n");
  await ann.page.routeWebSocket(/\/socket$/, (socket) => void socket.close());
  await ann.page.route(/\/stream$/, (route) => route.abort());
  ann.page.on("dialog", (dialog) => void dialog.accept());
  await ann.page.reload();
  await expect(ann.save).toContainText(/^Offline/, { timeout: 30_000 });
  await ann.type("precious\n");
  await expect(ann.save).toContainText(onlyHere);
  await ben.page.getByRole("navigation", { name: "Sidebar" }).getByRole("button", { name: "Files" }).click();
  await ben.page.locator("[role=treeitem]").first().focus();
  await ben.page.keyboard.press("Delete");
  await ben.page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await ben.page.getByRole("region", { name: "Editor" }).getByRole("button", { name: "New file" }).last().click();
  await ben.saved();
  await ann.page.unrouteAll();
  await ann.page.reload();
  const place = ann.page.getByRole("region", { name: "Recovered text" });
  await expect(place).toContainText("precious");
  await ann.picture("recovered");
  await place.getByRole("button", { name: "Insert" }).click();
  await ann.sees(/precious/);
  await ann.saved();
  const [saved] = await Promise.all([ann.page.waitForEvent("download"), place.getByRole("button", { name: "Download" }).click()]);
  expect(saved.suggestedFilename()).not.toBe("");
  await ann.page.reload();
  await expect(place).toContainText("precious"); // it stays until its author has had enough of it
  await place.getByRole("button", { name: "Dismiss" }).click();
  await expect(place).toBeHidden();
});

test("a text that has drifted from the server's is repaired, and nobody's typing is lost", async ({ server, person }) => {
  const ann = await person();
  const reports: string[] = [];
  ann.page.on("console", (message) => reports.push(message.text()));
  // Something between them changes what others have typed, and both sides take it for good.
  let forging = true;
  await ann.page.routeWebSocket(/\/socket$/, (page) => {
    const up = page.connectToServer();
    up.onMessage((frame) => page.send(forging ? String(frame).replaceAll("honest", "forged") : frame));
  });
  const link = await ann.newRoom(server.url);
  const ben = await person();
  await ben.open(link);
  await ben.write("honest\n");
  await ann.sees("forged\n");
  forging = false;
  await ann.type("mine\n");
  await expect.poll(() => reports.join("\n"), { timeout: 40_000 }).toContain("diverged");
  await ann.saved();
  await ben.sees(/mine/);
  await ann.sees(await ben.text());
});
