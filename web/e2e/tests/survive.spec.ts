import type { Page } from "@playwright/test";

import { expect, Person, test } from "../support/test.ts";

test("the server is killed and the pages carry on by themselves", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await ann.write("before\n");
  await ben.sees("before\n");
  await server.kill();
  await expect(ann.save).toContainText(/^Offline/);
  await ann.type("ann, offline\n");
  await ben.type("ben, offline\n");
  await expect(ann.save).toContainText(/only in this browser/);
  await ann.picture("offline");
  await server.start();
  for (const who of [ann, ben]) {
    await who.saved();
    await who.sees(/ann, offline/);
    await who.sees(/ben, offline/);
  }
  expect(await ann.text()).toBe(await ben.text());
});

test("a planned restart is hardly noticed", async ({ server, person }) => {
  const ann = await person();
  await ann.newRoom(server.url);
  await ann.write("x\n");
  await ann.saved();
  await server.stop();
  await server.start();
  await ann.type("y\n");
  await ann.saved();
  await ann.sees("x\ny\n");
});

test("offline and back, with both sides typing", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ben.open(await ann.newRoom(server.url));
  await ann.write("shared\n");
  await ben.sees("shared\n");
  await ann.context.setOffline(true);
  await expect(ann.save).toContainText(/^Offline/, { timeout: 30_000 });
  await ann.type("from ann\n");
  await ben.type("from ben\n");
  await ben.saved();
  await ann.context.setOffline(false);
  await ann.saved();
  await ben.sees(/from ann/);
  expect(await ann.text()).toBe(await ben.text());
});

/** Nothing of the room gets through to the server, but the page itself does. */
async function cut({ page }: Person): Promise<void> {
  await page.routeWebSocket(/\/socket$/, (socket) => void socket.close());
  await page.route(/\/stream$/, (route) => route.abort());
  page.on("dialog", (dialog) => void dialog.accept()); // the browser asks whether to leave
}

/** Somebody in a room, without a connection, whose last line is nowhere but in this browser. */
async function unsent(ann: Person, url: string): Promise<string> {
  const link = await ann.newRoom(url);
  await ann.write("sent\n");
  await ann.saved();
  await cut(ann);
  await ann.page.reload();
  await expect(ann.save).toContainText(/^Offline/, { timeout: 30_000 });
  await ann.sees("sent\n");
  await ann.type("unsent\n");
  await expect(ann.save).toContainText(/only in this browser/);
  return link;
}

/** Has the lock of a page's client id as soon as it comes free, as a slow browser has it that still takes a page down. */
async function holdLock(page: Page): Promise<{ taken: () => Promise<void>; release: () => Promise<void> }> {
  await page.evaluate(async () => {
    const { held = [] } = await navigator.locks.query();
    const name = held.find((lock) => lock.name?.startsWith("codecollab:"))?.name;
    if (name === undefined) throw new Error("no tab has a lock");
    let release = (): void => undefined;
    const free = new Promise<void>((f) => (release = f));
    const state = { taken: false, release };
    Object.assign(globalThis, { slow: state });
    void navigator.locks.request(name, () => {
      state.taken = true;
      return free;
    });
  });
  return {
    taken: async () => void (await page.waitForFunction(() => (globalThis as never as Slow).slow.taken)),
    release: () => page.evaluate(() => (globalThis as never as Slow).slow.release()),
  };
}

type Slow = { slow: { taken: boolean; release: () => void } };

test("a reload with unsent edits loses nothing", async ({ server, person }) => {
  const ann = await person();
  const link = await unsent(ann, server.url);
  await ann.page.reload();
  await ann.sees("sent\nunsent\n");
  const fresh = await ann.context.newPage();
  await ann.page.close({ runBeforeUnload: false });
  await fresh.goto(link); // the next tab adopts what the closed one could not send
  await new Person(fresh, ann.context).saved();
  await expect.poll(() => fresh.locator(".cm-content").innerText()).toContain("unsent");
  const ben = await person();
  await ben.open(link);
  await ben.sees(/unsent/);
});

test("a reloaded tab waits for the page before it to let go", async ({ server, person }) => {
  const ann = await person();
  await unsent(ann, server.url);
  const other = await ann.context.newPage();
  await other.goto(server.url);
  const lock = await holdLock(other);
  await ann.page.reload({ waitUntil: "commit" });
  await lock.taken();
  // A machine under load takes longer than this to take a page down.
  const waits = async (): Promise<boolean> => other.evaluate(async () => ((await navigator.locks.query()).pending ?? []).length > 0);
  await expect.poll(waits, { timeout: 5000 }).toBe(true);
  await lock.release();
  await ann.sees("sent\nunsent\n");
});

test("a reloaded tab goes on with its own text while another tab of the room is open", async ({ server, person }) => {
  const ann = await person();
  const link = await unsent(ann, server.url);
  const other = new Person(await ann.context.newPage(), ann.context);
  await cut(other);
  await other.page.goto(link);
  await expect(other.save).toContainText(/^Offline/, { timeout: 30_000 });
  await ann.page.reload();
  await ann.sees("sent\nunsent\n");
});

test("what a closed tab has left is sent by a tab that lives, whenever the closed one lets go", async ({ server, person }) => {
  const ann = await person();
  const link = await unsent(ann, server.url);
  const other = await ann.context.newPage();
  await other.goto(server.url);
  const lock = await holdLock(other);
  await ann.page.close({ runBeforeUnload: false });
  await lock.taken();
  const fresh = new Person(await ann.context.newPage(), ann.context);
  await fresh.open(link);
  await fresh.sees("sent\n");
  await fresh.type("fresh\n");
  await lock.release();
  await fresh.sees(/^(sent\nunsent\nfresh\n|sent\nfresh\nunsent\n)$/);
  await fresh.saved();
});

test("where WebSockets are blocked the room works all the same", async ({ server, person }) => {
  const ann = await person();
  await ann.page.routeWebSocket(/\/socket$/, (socket) => void socket.close());
  const link = await ann.newRoom(server.url);
  const ben = await person();
  await ben.open(link);
  await ann.write("over server-sent events\n");
  await ben.sees("over server-sent events\n");
  await ben.type("back\n");
  await ann.sees("over server-sent events\nback\n");
});
