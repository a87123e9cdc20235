import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ada, named, setupPath } from "../support/door.ts";
import { Server } from "../support/server.ts";
import { expect, type Person, test as base } from "../support/test.ts";

/** A runner that is away until it is told to answer, on a port that stays its own. */
class Runner {
  answers = false;
  readonly #server = createServer((_, response) => {
    response.writeHead(this.answers ? 200 : 502, { "Content-Type": "application/json" });
    response.end(this.answers ? JSON.stringify([{ language: "python", version: "3.11.2", aliases: [] }]) : "{}");
  });

  async start(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const test = base.extend<{ runner: Runner }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads from the braces that it needs nothing
  runner: async ({}, provide) => {
    const runner = new Runner();
    await provide(runner);
    runner.close();
  },
  server: async ({ runner }, provide, info) => {
    const server = await Server.start("status", ["--runner-url", `own,${await runner.start()}`]);
    await provide(server);
    if (info.status !== info.expectedStatus) await info.attach("server.log", { body: server.log });
    await server.close();
  },
});

async function becomeAdmin({ page }: Person, server: Server): Promise<void> {
  await expect.poll(() => setupPath(server)).not.toBe("");
  await page.goto(named(server) + setupPath(server));
  for (const [field, text] of [["name", ada.name], ["username", ada.email], ["password", ada.password]] as const) {
    await page.locator(`input[name=${field}]`).fill(text);
  }
  await page.locator("form button[type=submit]").click();
  await expect(page).toHaveURL(/\/admin/);
}

test("administrators see how the installation does, and what needs them; both keep themselves up to date", async ({ server, runner, person }) => {
  const admin = await person();
  const { page } = admin;
  await becomeAdmin(admin, server);

  // A runner is away: a line says so wherever administrators come by, and leads to what to do.
  const banner = page.locator(".troubles");
  await expect(banner).toContainText("A runner does not answer.");
  await page.goto(named(server));
  await expect(banner).toContainText("A runner does not answer.");
  await banner.getByRole("link", { name: "Look" }).click();
  await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();
  await expect(banner).toHaveCount(0); // it says nothing that is not here
  const needs = page.getByRole("region", { name: "What needs somebody" });
  await expect(needs).toContainText("look at runner-url and runner-token");
  const runners = page.getByRole("region", { name: "Runners" });
  await expect(runners.getByRole("listitem").filter({ hasText: "own" })).toContainText("works", { timeout: 60_000 }); // it looks for its languages first
  await expect(runners.getByRole("listitem").filter({ hasText: "http://" })).toContainText("does not answer");
  await expect(page.getByRole("region", { name: "Storage" })).toContainText("SQLite");
  await admin.accessible();

  runner.answers = true; // which is noticed after a moment, see below

  // Somebody works in a room: it is there by itself, without anything of what they write.
  const ben = await person();
  const room = /\/r\/([^/?#]+)/.exec(await ben.newRoom(server.url))?.[1] ?? "";
  await ben.write("print('geheim')\n");
  await ben.saved();
  const busiest = page.getByRole("region", { name: "Busiest rooms" });
  await expect(busiest.getByRole("row").filter({ hasText: room })).toContainText("python", { timeout: 20_000 });
  await expect(page.locator(".status-figures > div").filter({ hasText: "People here" })).toContainText("1");
  await expect(page.locator("main")).not.toContainText("geheim");

  // The runner is back: the problem has gone by itself.
  await expect(page.getByText("Everything works.")).toBeVisible({ timeout: 60_000 });
  await expect(runners).not.toContainText("does not answer");

  // The server is away: the page says that what it shows is old, and is right again afterwards.
  await server.kill();
  await expect(page.getByText("The server does not answer: this is how it was before.")).toBeVisible({ timeout: 20_000 });
  await server.start();
  await expect(page.getByText("The server does not answer")).toHaveCount(0, { timeout: 20_000 });
});

test("the overview in German, and not for others", async ({ server, person }) => {
  const admin = await person({ locale: "de-DE", viewport: { width: 390, height: 800 } });
  const { page } = admin;
  await becomeAdmin(admin, server);
  await page.goto(`${named(server)}/admin/status`);
  await expect(page.getByRole("heading", { name: "Übersicht", level: 1 })).toBeVisible();
  await expect(page.getByRole("region", { name: "Was jemanden braucht" })).toContainText("Ein Runner antwortet nicht.");
  await admin.accessible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);

  const guest = await person();
  const refused = guest.page.waitForResponse(/\/api\/v1\/me$/);
  await guest.page.goto(`${named(server)}/admin/status`);
  await refused;
  await expect(guest.page.getByRole("heading", { name: "Overview" })).toHaveCount(0);
  expect((await guest.page.request.get(`${named(server)}/api/v1/admin/status`)).status()).toBe(401);
});
