import { expect, test } from "../support/test.ts";

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
  await expect(ann.save).toContainText(/kept in this browser/);
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

test("a reload with unsent edits loses nothing", async ({ server, person }) => {
  const ann = await person();
  const link = await ann.newRoom(server.url);
  await ann.write("sent\n");
  await ann.saved();
  // The server cannot be reached, but the page itself can: it comes from the same place, so it is served from here.
  await ann.page.routeWebSocket(/\/socket$/, (socket) => void socket.close());
  await ann.page.route(/\/stream$/, (route) => route.abort());
  await ann.page.reload();
  await expect(ann.save).toContainText(/^Offline/, { timeout: 30_000 });
  await ann.sees("sent\n");
  await ann.type("unsent\n");
  await expect(ann.save).toContainText(/kept in this browser/);
  ann.page.on("dialog", (dialog) => void dialog.accept());
  await ann.page.reload();
  await ann.sees("sent\nunsent\n");
  await ann.page.unrouteAll();
  const fresh = await ann.context.newPage();
  await ann.page.close({ runBeforeUnload: false });
  await fresh.goto(link); // the next tab adopts what the closed one could not send
  await expect(fresh.getByTestId("save-state")).toContainText(/^Saved/);
  await expect.poll(() => fresh.locator(".cm-content").innerText()).toContain("unsent");
  const ben = await person();
  await ben.open(link);
  await ben.sees(/unsent/);
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
