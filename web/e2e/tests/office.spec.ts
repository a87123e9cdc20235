import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { Dns } from "../support/dns.ts";
import { Provider } from "../support/provider.ts";
import { Server } from "../support/server.ts";
import { expect, type Person, test as base } from "../support/test.ts";

const password = "correct horse battery staple";

// Its DNS and its provider are on this machine, where connections of organisations may not lead otherwise.
const test = base.extend<{ dns: Dns; provider: Provider }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads from the braces that it needs nothing
  dns: async ({}, provide) => {
    const dns = await Dns.start();
    await provide(dns);
    await dns.close();
  },
  // oxlint-disable-next-line no-empty-pattern -- as above
  provider: async ({}, provide) => {
    const provider = await Provider.start();
    await provide(provider);
    await provider.close();
  },
  server: async ({ dns }, provide, info) => {
    const server = await Server.start("office", ["--sso-private-networks", "--domain-dns", dns.address]);
    await provide(server);
    if (info.status !== info.expectedStatus) await info.attach("server.log", { body: server.log });
    await server.close();
  },
});

async function fillAccount(page: Page, name: string, email: string): Promise<void> {
  await page.locator("input[name=name]").fill(name);
  await page.locator("input[name=username]").fill(email);
  await page.locator("input[name=password]").fill(password);
}

/** Makes the first administrator by the link that the server has printed. */
async function setUp({ page }: Person, server: Server): Promise<void> {
  await expect.poll(() => server.log).toMatch(/\/setup#\w+/);
  await page.goto(`${server.url}/setup#${/\/setup#(\w+)/.exec(server.log)?.[1]}`);
  await fillAccount(page, "Ada Lovelace", "ada@example.com");
  await page.getByRole("button", { name: "Make the account" }).click();
  await expect(page.getByRole("heading", { name: "People", level: 1 })).toBeVisible();
}

/** Makes an organisation, and gives its id. */
async function makeOrg({ page }: Person, url: string, name: string): Promise<string> {
  await page.goto(`${url}/orgs`);
  await page.getByRole("button", { name: "New organisation" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("button", { name: "Make it" }).click();
  await expect(page).toHaveURL(/\/orgs\/[^/]+\/members$/);
  return /\/orgs\/([^/]+)\//.exec(page.url())?.[1] ?? "";
}

const section = (page: Page, name: string) => page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name, exact: true }).first();

test("an organisation: people by invitation, their roles, and the log of it", async ({ server, person }) => {
  const ada = await person();
  const { page } = ada;
  await setUp(ada, server);
  await ada.accessible();
  await makeOrg(ada, server.url, "Analytical Engines");

  // Ben comes by a link, as a member, and sees no more than members see.
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.locator(".office-once code").innerText();
  expect(link).toContain(`${server.url}/invite#`);
  await ada.accessible();
  const ben = await person();
  await ben.page.goto(link);
  await fillAccount(ben.page, "Ben Nguyen", "ben@example.com");
  await ben.page.getByRole("button", { name: "Create the account" }).click();
  await expect(ben.page).toHaveURL(`${server.url}/`);
  await ben.page.goto(`${server.url}/orgs`);
  await ben.page.getByRole("link", { name: /Analytical Engines/ }).click();
  await expect(ben.page.getByRole("row", { name: /Ada Lovelace/ })).toBeVisible();
  await expect(section(ben.page, "Audit log")).toHaveCount(0);
  await expect(ben.page.getByRole("button", { name: "Make a link" })).toHaveCount(0);
  await ben.page.goto(page.url().replace("/members", "/audit"));
  await expect(ben.page.getByRole("heading", { name: /not there for you/ })).toBeVisible();

  // Ada makes an admin of him: he sees more at once.
  await page.reload();
  await page.getByRole("combobox", { name: "Role of Ben Nguyen" }).selectOption("admin");
  await expect(page.getByRole("status").filter({ hasText: "Ben Nguyen is now Admin." })).toBeAttached();
  await ben.page.reload();
  await expect(ben.page.getByRole("heading", { name: "Audit log", level: 1 })).toBeVisible();
  await expect(ben.page.getByText("made Ben Nguyen an admin")).toBeVisible();

  // Nobody is left without an owner.
  await page.getByRole("combobox", { name: "Role of Ada Lovelace" }).selectOption("member");
  await expect(page.getByRole("alert").filter({ hasText: /owner/ })).toBeVisible();

  // The log in sentences, searched, and exported as it is.
  await section(page, "Audit log").click();
  await expect(page.getByText("Ada Lovelace made an invitation as member")).toBeVisible();
  await ada.accessible();
  await page.getByRole("searchbox", { name: "Search" }).fill("no such thing");
  await expect(page.getByText("Nothing matches. Take a filter away.")).toBeVisible();
  await page.getByRole("searchbox", { name: "Search" }).fill("");
  await page.getByRole("combobox", { name: "What" }).selectOption({ label: "… changed the role of …" });
  await expect(page.getByText("made Ben Nguyen an admin")).toBeVisible();
  await expect(page.locator(".office-entry").filter({ hasText: "made an invitation" })).toHaveCount(0);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export" }).click()]);
  const lines: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) lines.push(Buffer.from(chunk as Uint8Array));
  expect(JSON.parse(Buffer.concat(lines).toString().split("\n")[0] ?? "")).toMatchObject({ action: "member_role", name: "Ada Lovelace" });

  // Removed, Ben is out.
  await section(page, "Members").click();
  await page.getByRole("button", { name: "Remove Ben Nguyen" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("row", { name: /Ben Nguyen/ })).toHaveCount(0);
  await ben.page.reload();
  await expect(ben.page.getByRole("heading", { name: /not there for you/ })).toBeVisible();

  // The administrator deactivates Ben: he is signed out.
  await page.goto(`${server.url}/admin`);
  await page.getByRole("button", { name: "Actions for Ben Nguyen" }).click();
  await page.getByRole("menuitem", { name: "Deactivate" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Deactivate" }).click();
  await expect(page.getByRole("row", { name: /Ben Nguyen.*Deactivated/ })).toBeVisible();
  await ben.page.reload();
  await expect(ben.page.getByRole("link", { name: "Sign in" }).or(ben.page.getByText(/signed out/i)).first()).toBeVisible();
});

test("an administrator of the organisation takes a room of it over, and ends it", async ({ server, person }) => {
  const ada = await person();
  const { page } = ada;
  await setUp(ada, server);
  const org = await makeOrg(ada, server.url, "Analytical Engines");
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.locator(".office-once code").innerText();
  const ben = await person();
  await ben.page.goto(link);
  await fillAccount(ben.page, "Ben Nguyen", "ben@example.com");
  await ben.page.getByRole("button", { name: "Create the account" }).click();
  await expect(ben.page).toHaveURL(`${server.url}/`);
  const made = await ben.page.request.post(`${server.url}/api/v1/rooms`, { data: { language: "python" } });
  const { room } = (await made.json()) as { room: string };
  const given = await ben.page.request.put(`${server.url}/api/v1/rooms/${room}/access`, { data: { visibility: "organisation", org, org_role: "viewer" } });
  expect(given.status()).toBe(204);

  await page.goto(`${server.url}/orgs/${org}/rooms`);
  await expect(page.getByRole("button", { name: /^Take over/ })).toBeVisible();
  await ada.accessible();
  await page.getByRole("button", { name: /^Take over/ }).click();
  await page.getByRole("button", { name: "Become an owner" }).click();
  await expect(page.getByText(/^You are an owner of/)).toBeVisible();
  await page.getByRole("row").nth(1).getByRole("link").click();
  await expect(page.getByRole("textbox", { name: /main\.py/ })).toHaveAttribute("contenteditable", "true");
  await ben.page.goto(`${server.url}/r/${room}`);
  await expect(ben.page.getByRole("textbox", { name: /main\.py/ })).toBeVisible();
  await page.goto(`${server.url}/orgs/${org}/rooms`);
  await page.getByRole("button", { name: /^Delete/ }).click();
  await page.getByRole("button", { name: "Delete for good" }).click();
  await expect(page.getByRole("heading", { name: "No room belongs to the organisation yet" })).toBeVisible();
  await expect(ben.page.getByText(/has been deleted/)).toBeVisible();
});

test("single sign-on by the guide: a broken value is named, the test shows its steps, and only then it is on", async ({ browser, server, person, provider, dns }) => {
  const ada = await person();
  const { page } = ada;
  await setUp(ada, server);
  await makeOrg(ada, server.url, "Analytical Engines");

  // The domain: looked for in vain, then found.
  await section(page, "Domains").click();
  await page.getByRole("textbox", { name: "Add a domain" }).fill("https://example.com/");
  await page.getByRole("button", { name: "Add" }).click();
  await expect(page.getByRole("heading", { name: "example.com" })).toBeVisible();
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "no TXT record for _codecollab.example.com" })).toBeVisible();
  await ada.accessible();
  const [, name = "", value = ""] = await page.locator(".office-copy code").allInnerTexts();
  dns.has(name, value);
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(page.getByText(/^Verified since/)).toBeVisible();

  // A connection begins with our values.
  await section(page, "Single sign-on").click();
  await page.getByRole("button", { name: "Set up single sign-on" }).click();
  await page.getByRole("radio", { name: /Another provider/ }).check();
  await expect(page.getByRole("radio", { name: /OpenID Connect/ })).toBeChecked();
  await ada.accessible();
  await page.getByRole("button", { name: "Begin" }).click();
  const step = (title: string) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: title, level: 2 }) });
  const first = step("Make a client at your provider");
  await expect(first).toBeVisible();
  const redirect = await first.locator("code").first().innerText();
  expect(redirect).toMatch(/\/auth\/sso\/[^/]+\/callback$/);
  await provider.knows({ client_id: "codecollab", client_secret: "a secret of the tests, long enough", redirect_uris: [redirect] });

  // What is wrong is named: first by the page, then by the test.
  const theirs = step("Paste what your provider gives you");
  const save = theirs.getByRole("button", { name: "Save and go on" });
  await theirs.getByRole("textbox", { name: "Issuer" }).fill("example.com");
  await save.click();
  await expect(theirs.getByText("An issuer begins with https://")).toBeVisible();
  await theirs.getByRole("textbox", { name: "Issuer" }).fill(`${provider.issuer}/elsewhere`);
  await theirs.getByRole("textbox", { name: "Client ID" }).fill("codecollab");
  await theirs.getByLabel("Client secret").fill("a secret of the tests, long enough");
  await save.click();
  await expect(theirs.getByText("Saved", { exact: true })).toBeVisible();
  const tests = step("Test the connection");
  await tests.getByRole("button", { name: "Test now" }).click();
  const failed = tests.locator("li[data-ok=false]");
  await expect(failed.getByText("Discovery document")).toBeVisible();
  await expect(failed.getByText("What to do")).toBeVisible();
  await expect(step("Switch it on").getByRole("button", { name: "Switch on" })).toBeDisabled();
  await ada.accessible();

  // Corrected, the secret is still there, and somebody signs in as a test.
  await theirs.getByRole("textbox", { name: "Issuer" }).fill(provider.issuer);
  await save.click();
  await tests.getByRole("button", { name: "Test now" }).click();
  await expect(tests.getByText("Everything works.")).toBeVisible();
  const [popup] = await Promise.all([page.waitForEvent("popup"), tests.getByRole("button", { name: "Sign in once, as a test" }).click()]);
  await popup.locator("input[name=login]").fill("grace");
  await popup.locator("input[name=password]").fill("anything");
  await popup.getByRole("button", { name: "Sign-in" }).click();
  await popup.getByRole("button", { name: "Continue" }).click();
  await expect(popup.getByRole("heading", { name: "What came back" })).toBeVisible();
  await expect(tests.getByRole("heading", { name: "What came back" })).toBeVisible();
  await expect(tests.getByText(/grace/).first()).toBeVisible();
  await popup.close();
  await ada.accessible();

  // On, and then for everybody.
  const on = step("Switch it on");
  await on.getByRole("button", { name: "Switch on" }).click();
  await expect(on.getByText("People can sign in by this connection.")).toBeVisible();
  await on.getByRole("button", { name: "Require it" }).click();
  const sure = page.getByRole("alertdialog");
  await expect(sure.getByRole("button", { name: "Require it" })).toBeDisabled();
  await sure.getByRole("checkbox").check();
  await sure.getByRole("button", { name: "Require it" }).click();
  await expect(on.getByText("Members must sign in this way.")).toBeVisible();

  // Somebody comes by it, and is a member.
  const link = await on.locator(".office-copy code").innerText();
  const context = await browser.newContext(); // not a person's: the provider's own pages ask for fonts from elsewhere
  const grace = await context.newPage();
  await grace.goto(link);
  await grace.locator("input[name=login]").fill("grace");
  await grace.locator("input[name=password]").fill("anything");
  await grace.getByRole("button", { name: "Sign-in" }).click();
  await grace.getByRole("button", { name: "Continue" }).click();
  await expect(grace).toHaveURL(`${server.url}/`);
  await context.close();
  await section(page, "Members").click();
  await expect(page.getByRole("row", { name: /grace of the tests.*Single sign-on/ })).toBeVisible();
});

// The pages' own tables; their imports are written for a bundler, which is not what checks the types of this folder.
const table = async (language: string, area: string): Promise<unknown> => import(new URL(`../../app/src/words/${language}/${area}.ts`, import.meta.url).href);

/** The strings of a table, wherever they are in it. */
function strings(value: unknown): string[] {
  if (typeof value === "string") return [value.replaceAll("*", "")];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(strings);
}

test("SAML by the guide, in German on a phone: pasted metadata is read at once, and what is wrong with it is said", async ({ server, person }) => {
  test.slow(); // a dozen pages, each looked through for what people with disabilities would miss
  const ada = await person();
  const { page } = ada;
  await setUp(ada, server);
  const org = await makeOrg(ada, server.url, "Analytical Engines");
  const areas = ["office", "office-guide", "office-audit"];
  const said = async (language: string): Promise<Set<string>> => new Set((await Promise.all(areas.map((area) => table(language, area)))).flatMap(strings));
  const [english, german] = [await said("en"), await said("de")];
  /** In German, and no wider than the phone. */
  const check = async (): Promise<void> => {
    const seen = await page.locator("main, nav").evaluateAll((all) => all.flatMap((one) => (one as HTMLElement).innerText.split("\n")).map((text) => text.trim()));
    expect(seen.filter((text) => english.has(text) && !german.has(text))).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  };
  await page.setViewportSize({ width: 390, height: 844 });
  await page.evaluate(() => localStorage.setItem("codecollab:locale", "de"));
  for (const path of ["/orgs", "/admin", "/admin/orgs", "/admin/audit", "/admin/settings", ...["members", "rooms", "domains", "provisioning", "audit", "general"].map((one) => `/orgs/${org}/${one}`)]) {
    await page.goto(server.url + path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator(".view-loading")).toHaveCount(0);
    await check();
    await ada.accessible();
  }
  await page.goto(`${server.url}/orgs/${org}/sign-in`);
  await page.getByRole("button", { name: "Single Sign-on einrichten" }).click();
  await page.getByRole("radio", { name: /Google Workspace/ }).check();
  await check();
  await page.getByRole("button", { name: "Beginnen" }).click();
  const metadata = page.getByRole("textbox", { name: "Metadaten als XML" });
  await expect(metadata).toBeVisible();
  await check();

  const certificate = (await readFile(new URL("../../app/test/idp.pem", import.meta.url), "utf8")).replace(/-----[^-]+-----|\s/g, "");
  const xml = (inner: string): string => `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://accounts.google.com/o/saml2?idpid=tests">${inner}</EntityDescriptor>`;
  const key = `<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>`;
  const sso = '<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://accounts.google.com/o/saml2/idp?idpid=tests"/>';
  const idp = (inner: string): string => xml(`<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${inner}</IDPSSODescriptor>`);
  for (const [text, problem] of [
    ["https://accounts.google.com/", "Das ist kein XML."],
    [xml("<SPSSODescriptor/>"), "Das sind Metadaten einer Anwendung"],
    [idp(sso), "Es steht kein Zertifikat für Signaturen darin."],
    [idp(key), "Es steht keine Adresse zum Anmelden darin"],
  ] as const) {
    await metadata.fill(text);
    await expect(page.getByText(problem)).toBeVisible();
  }
  await metadata.fill(idp(key + sso));
  await expect(page.getByText(/^gültig bis \d/)).toBeVisible();
  await page.getByRole("button", { name: "Speichern und weiter" }).click();
  await expect(page.getByText("Gespeichert", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Jetzt testen" }).click();
  // The server was told no public-url, which providers of SAML need: that is named, with what to do, and all else is right.
  const failed = page.locator(".office-tried li[data-ok=false]");
  await expect(failed).toContainText("Die Einstellung public-url auf die https-Adresse setzen, die alle benutzen.");
  await expect(failed).toHaveCount(1);
  await expect(page.locator(".office-tried li[data-ok=true]").filter({ hasText: "idp.example" })).toContainText("Zertifikat");
  await check();
  await ada.accessible();

  // What is stored comes back, and nobody can come in by it before it is on.
  await page.reload();
  await expect(metadata).toHaveValue(/EntityDescriptor/);
  await expect(page.getByRole("button", { name: "Jetzt einschalten" })).toBeDisabled();
});
