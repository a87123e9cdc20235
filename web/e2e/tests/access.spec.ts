import type { Page } from "@playwright/test";
import { links, makeOf, peopleList, rename } from "../support/room.ts";
import { expect, test } from "../support/test.ts";

test.describe.configure({ timeout: 90_000 });

/** Opens the share dialog, and gives it. */
async function share(page: Page) {
  const dialog = page.getByRole("dialog", { name: "Share this room" });
  if (!(await dialog.isVisible())) await page.getByRole("button", { name: "Share", exact: true }).click();
  await expect(dialog.getByRole("group", { name: "Who may come in" })).toBeVisible();
  return dialog;
}

async function done(page: Page): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Share this room" });
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toHaveCount(0);
}

/** Makes an account for the person of a page, who is signed in with it from then on; the answer is its id. */
async function register(page: Page, url: string, name: string): Promise<string> {
  const { request } = page.context();
  const headers = { Origin: url };
  const data = { email: `${name.toLowerCase()}@example.org`, password: "correct horse battery staple", name };
  const made = await request.post(`${url}/api/v1/auth/register`, { headers, data });
  expect(made.status(), await made.text()).toBeLessThan(300);
  const me = (await (await request.get(`${url}/api/v1/me`)).json()) as { person: string; account?: { name: string } };
  expect(me.account?.name).toBe(name);
  return me.person;
}

for (const way of ["socket", "stream"] as const) {
  test(`who comes by a link waits until an owner lets them in, over the ${way}`, async ({ server, person }) => {
    const ann = await person();
    const ben = await person();
    const cyd = await person();
    await ann.newRoom(server.url);
    const { viewer, editor } = await links(ann.page);
    await (await share(ann.page)).getByRole("checkbox", { name: "An owner lets people in one by one" }).check();
    await done(ann.page);
    if (way === "stream") await ben.page.routeWebSocket(/\/socket$/, (socket) => void socket.close());

    await ben.page.goto(editor);
    await expect(ben.page.getByRole("heading", { name: "An owner lets you in" })).toBeVisible();
    await ben.accessible();
    if (way === "socket") await ben.picture("access-waiting");
    await expect(ann.page.getByLabel("Notices")).toContainText("waits to be let in");
    await ben.page.reload(); // who waits goes on waiting
    await expect(ben.page.getByRole("heading", { name: "An owner lets you in" })).toBeVisible();
    await expect(ann.page.getByRole("button", { name: /^People: .* 1 waits to come in$/ })).toBeVisible();

    const list = await peopleList(ann.page);
    if (way === "socket") await ann.picture("access-knock");
    await ann.accessible();
    await list.getByRole("button", { name: /^Let .* in$/ }).click();
    await expect(ben.editor).toBeVisible();
    await expect(list.getByTestId("knocks")).toHaveCount(0);
    await ben.saved();
    await ben.type("# let in\n");
    await ann.sees(/# let in\n$/);
    await ben.page.reload(); // who was let in is a member
    await expect(ben.editor).toBeVisible();

    await cyd.page.goto(viewer);
    await expect(cyd.page.getByRole("heading", { name: "An owner lets you in" })).toBeVisible();
    await (await peopleList(ann.page)).getByRole("button", { name: /^Refuse / }).click();
    await expect(cyd.page.getByRole("heading", { name: "You were not let in" })).toBeVisible();
    await expect(list.getByTestId("knocks")).toHaveCount(0);
    await cyd.page.getByRole("button", { name: "Ask again" }).click(); // too soon
    await expect(cyd.page.getByRole("heading", { name: "You were not let in" })).toBeVisible();
    await cyd.accessible();
  });
}

test("a room asks once for its passcode, and not those who are in it", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  const cyd = await person();
  await ann.newRoom(server.url);
  const { viewer, editor } = await links(ann.page);
  await cyd.open(editor);
  const dialog = await share(ann.page);
  await dialog.getByRole("checkbox", { name: "Ask for a passcode" }).check();
  await dialog.getByRole("textbox", { name: "New passcode" }).fill("open sesame");
  await dialog.getByRole("button", { name: "Set", exact: true }).click();
  await expect(dialog.getByRole("button", { name: "Change the passcode" })).toBeVisible();
  await done(ann.page);

  await ben.page.goto(viewer);
  const field = ben.page.getByLabel("Passcode");
  await expect(field).toBeFocused();
  await field.fill("open barley");
  await ben.page.keyboard.press("Enter");
  await expect(ben.page.getByRole("alert")).toContainText("This is not the passcode.");
  await ben.accessible();
  await ben.picture("access-passcode");
  await field.fill("open sesame");
  await ben.page.getByRole("button", { name: "Come in" }).click();
  await expect(ben.editor).toBeVisible();
  await ben.page.reload();
  await expect(ben.editor).toBeVisible();
  await cyd.type("# still here\n");
  await ann.sees(/# still here\n$/);
  await cyd.page.reload();
  await expect(cyd.editor).toBeVisible();

  await (await share(ann.page)).getByRole("checkbox", { name: /^Ask for a passcode/ }).click();
  await expect(ann.page.getByLabel("Notices")).toContainText("Nobody is asked");
});

test("a viewer may run programs, an editor may not, and a room has a rule", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  const cyd = await person();
  await ann.newRoom(server.url);
  await ann.write("print('hello')\n");
  await ann.saved();
  const { viewer, editor } = await links(ann.page);
  await ben.open(viewer);
  await rename(ben.page, "Ben");
  await cyd.open(editor);
  await rename(cyd.page, "Cyd");
  const run = { name: "Run", exact: true };
  await expect(ben.page.getByRole("button", run)).toBeDisabled();
  await expect(ben.page.getByRole("button", { name: "New file" })).toHaveCount(0);
  await expect(cyd.page.getByRole("button", run)).toBeEnabled();

  await makeOf(ann.page, "Ben", /^Let run programs/);
  await expect(ben.page.getByRole("button", run)).toBeEnabled();
  await expect(ben.page.getByTestId("view-only")).toBeVisible();
  await ben.page.getByRole("button", run).click();
  await expect(ann.run).toBeVisible(); // it has begun for everybody, whether this machine has Python or not
  await makeOf(ann.page, "Cyd", /^Do not let run programs/);
  await expect(cyd.page.getByRole("button", { name: /^(Run|Stop)$/ })).toBeDisabled();
  await cyd.type("# but write\n");
  await ann.sees(/# but write\n$/);

  const dialog = await share(ann.page);
  await dialog.getByLabel("Who may run programs").selectOption({ label: "Only people whom I name" });
  await expect(ann.page.getByRole("button", { name: /^(Run|Stop)$/ })).toBeDisabled();
  await dialog.getByRole("combobox", { name: "Cyd and programs" }).selectOption({ label: "run: yes" });
  await expect(cyd.page.getByRole("button", { name: /^(Run|Stop)$/ })).toBeEnabled();
});

test.describe("with accounts", () => {
  test.use({ serverArgs: ["--passwords", "open"] });

  test("a guest's room stays theirs when they sign in, and their name is the account's", async ({ server, person }) => {
    const ann = await person();
    const ben = await person();
    const link = await ann.newRoom(server.url);
    await ann.write("kept = 1\n");
    await ann.saved();
    await ben.open(link);
    await register(ann.page, server.url, "Annabel");
    // The page was told: it comes back as somebody with an account, and what it was is what it is.
    await ann.page.reload();
    await expect(ann.editor).toBeVisible();
    await ann.saved();
    await expect((await peopleList(ann.page)).getByText("Owner", { exact: true })).toBeVisible();
    const row = (await peopleList(ben.page)).getByRole("button", { name: /^Annabel, .*Signed in/ });
    await expect(row).toBeVisible();
    await expect(row).toContainText("Owner");
    await ben.accessible();
    await ben.picture("access-verified");
  });

  test("only people who have signed in, and only those who were invited", async ({ server, person }) => {
    const ann = await person();
    const ben = await person();
    const cyd = await person();
    await ann.newRoom(server.url);
    const { editor } = await links(ann.page);
    const address = editor.split("#")[0] ?? "";
    await ben.open(editor);
    const dialog = await share(ann.page);
    await dialog.getByRole("checkbox", { name: "Only people who have signed in" }).check();
    const signIn = ben.page.getByRole("button", { name: "Sign in", exact: true });
    await expect(signIn).toBeVisible();
    await expect(ben.editor).toHaveCount(0);
    await ben.accessible();
    await ben.picture("access-sign-in");
    await signIn.click();
    await expect(ben.page).toHaveURL(/\/signin\?to=/);
    await register(ben.page, server.url, "Benjamin");
    await ben.open(editor);

    await dialog.getByRole("radio", { name: "Only people who were invited" }).check();
    await expect(dialog.getByTestId("link-editor")).toHaveCount(0);
    await expect(dialog.getByText("Links open nothing while")).toBeVisible();
    const id = await register(cyd.page, server.url, "Cydney");
    await cyd.page.goto(editor);
    await expect(cyd.page.getByText(/for those who were invited/)).toBeVisible();
    await dialog.getByLabel("E-mail address or account id").fill(id);
    await dialog.getByRole("button", { name: "Invite", exact: true }).click();
    await expect(dialog.getByRole("list", { name: "Invited, and not here yet" })).toContainText(id);
    await cyd.open(address);
    await cyd.type("# invited\n");
    await ann.sees(/# invited\n$/);
    await ben.saved(); // whoever has a role stays
  });
});

test("the share dialog can be used by everybody, on every screen", async ({ server, person }) => {
  const ann = await person();
  const ben = await person();
  await ann.newRoom(server.url);
  await ben.open((await links(ann.page)).viewer);
  await rename(ben.page, "Ben");
  const dialog = await share(ann.page);
  await expect(dialog.getByRole("combobox", { name: "Role of Ben" })).toBeVisible();
  await ann.accessible();
  await ann.picture("access-share");
  await ann.page.emulateMedia({ colorScheme: "dark" });
  await ann.accessible();
  await ann.picture("access-share-dark");
  await ann.page.setViewportSize({ width: 390, height: 844 });
  await ann.picture("access-share-phone");
  await ann.accessible();
});
