import { expect, test as base } from "@playwright/test";
import { Hosts, here, noNamespaces, refused } from "../support/hosts.ts";
import { Speaker } from "../support/speaker.ts";

const none = noNamespaces();

/** Ann comes over the network; Ben is on the server's own host, where nothing stands between. */
type People = { readonly hosts: Hosts; readonly meet: (address: string) => Promise<{ ann: Speaker; ben: Speaker }> };

const test = base.extend<People>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads from the braces that it needs nothing
  hosts: async ({}, provide) => {
    const hosts = await Hosts.make();
    await provide(hosts);
    await hosts.close();
  },
  meet: async ({ hosts }, provide) => {
    const all: Speaker[] = [];
    await provide(async (address) => {
      const url = await hosts.serve(address);
      // The microphone is for pages that came by HTTPS; what stands between the hosts is not what TLS is about.
      const args = [`--unsafely-treat-insecure-origin-as-secure=${url}`];
      const ann = await Speaker.start({ hums: 440 }, { executablePath: hosts.browser("client"), args });
      all.push(ann);
      const ben = await Speaker.start({ hums: 880 }, { executablePath: hosts.browser("server"), args });
      all.push(ben);
      await ben.open(await ann.newRoom(url));
      await talk(ben);
      return { ann, ben };
    });
    for (const one of all) await one.close();
  },
});

test.skip(none !== undefined && (process.env["CI"] !== "true" || none.startsWith(refused)), none);
test.beforeAll(() => expect(none, "CI runs as root, and scripts/setup-debian.sh installs what this needs").toBeUndefined());

const bar = (one: Speaker) => one.page.getByRole("group", { name: "Voice" });

async function talk(one: Speaker): Promise<void> {
  await one.page.getByRole("button", { name: /^Talk/ }).click();
  await expect(bar(one)).toHaveAttribute("data-phase", "in");
  await bar(one).getByRole("button", { name: /microphone/ }).click();
}

async function hears(one: Speaker): Promise<void> {
  const before = (await one.heard()).energy;
  await expect.poll(async () => (await one.heard()).energy - before, { timeout: 30_000 }).toBeGreaterThan(0.005);
}

/** Ann talks anew, and both hear each other. The answer is by what way she does. */
async function way(ann: Speaker, ben: Speaker): Promise<string> {
  const leave = bar(ann).getByRole("button", { name: "Leave voice" });
  if (await leave.isVisible()) await leave.click();
  await talk(ann);
  await hears(ben);
  await hears(ann);
  return ann.way();
}

test("a firewall lets through everything, all but some packets, or no UDP", async ({ hosts, meet }) => {
  const { ann, ben } = await meet(here.v4);
  hosts.firewall("open");
  expect(await way(ann, ben)).toMatch(/udp$/);
  hosts.firewall("loss");
  await hears(ben);
  await hears(ann);
  hosts.firewall("no udp");
  expect(await way(ann, ben)).toMatch(/tcp$/);

  await bar(ann).getByRole("button", { name: "Voice: settings" }).click();
  await ann.page.getByRole("menuitem", { name: "Voice: settings" }).click();
  await ann.page.getByRole("button", { name: "Test the connection" }).click();
  const steps = ann.page.getByRole("dialog", { name: "Connection test" }).locator(".voice-steps li");
  await expect(steps.nth(2)).toHaveText(/by UDP/);
  await expect(steps.nth(2)).toHaveAttribute("data-state", "no");
  await expect(steps.nth(3)).toHaveText(/by TCP/);
  await expect(steps.nth(3)).toHaveAttribute("data-state", "ok");
  await ann.page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).last().click();
});

test("a firewall lets through the page's port alone", async ({ hosts, meet }) => {
  const { ann, ben } = await meet(here.v4);
  hosts.firewall("page only");
  expect(await way(ann, ben)).toMatch(/tcp$/);
});

test("a network goes away while somebody talks and types: the other one carries on, and nothing is lost", async ({ hosts, meet }) => {
  const { ann, ben } = await meet(here.v4);
  await way(ann, ben);
  await ann.write("# before: ");
  await ann.saved();
  hosts.lose("first");
  await ann.type("typed while the network was gone");
  await ben.sees(/^# before: typed while the network was gone$/);
  await ann.saved();
  await ben.type(", and answered");
  await ann.sees("# before: typed while the network was gone, and answered");
  await expect(bar(ann)).toHaveAttribute("data-phase", "in");
  await hears(ben);
  await hears(ann);
});

test("page, edits and voice go over IPv6 alone", async ({ hosts, meet }) => {
  hosts.firewall("no IPv4");
  const { ann, ben } = await meet(here.v6);
  expect(await way(ann, ben)).toMatch(/udp$/);
  await ann.write("# over IPv6");
  await ben.sees("# over IPv6");
});
