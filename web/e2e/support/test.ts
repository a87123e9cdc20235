import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, expect, type Page, test as base } from "@playwright/test";

import { Server } from "./server.ts";

/** A person in a browser of their own: a page, and the words that tests use of it. */
export class Person {
  constructor(
    readonly page: Page,
    readonly context: BrowserContext,
  ) {}

  get editor() {
    return this.page.locator(".cm-content");
  }

  get save() {
    return this.page.getByTestId("save-state");
  }

  get output() {
    return this.page.getByRole("log", { name: "Program output" });
  }

  /** Where keys for the program go. */
  get terminal() {
    return this.page.getByRole("textbox", { name: /^Terminal/ });
  }

  /** How the last run stands, in words. */
  get run() {
    return this.page.getByTestId("run-state");
  }

  /** Opens a path of the server and waits until the editor shows the room. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await expect(this.editor).toBeVisible();
    await this.saved();
  }

  /** Makes a room from the start page, and returns its link. */
  async newRoom(url: string): Promise<string> {
    await this.page.goto(url);
    await this.page.getByRole("button", { name: /^(New room|Neuer Raum)$/ }).click();
    await expect(this.page).toHaveURL(/\/r\//);
    await expect(this.editor).toBeVisible();
    await this.saved();
    return this.page.url();
  }

  /** Everything is on the server. */
  async saved(): Promise<void> {
    await expect(this.save).toContainText(/^(All saved at version|Alles gespeichert)/);
  }

  /** Replaces the whole text. */
  async write(text: string): Promise<void> {
    await this.editor.click();
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.insertText(text);
  }

  /** Types at the end of the text, key by key. */
  async type(text: string): Promise<void> {
    await this.editor.click();
    await this.page.keyboard.press("ControlOrMeta+End");
    await this.page.keyboard.type(text);
  }

  /** The text as the editor shows it. Only for texts that fit the screen: the editor draws no more. */
  async text(): Promise<string> {
    const lines = await this.page.locator(".cm-line").evaluateAll((all) =>
      all.map((line) => {
        const copy = line.cloneNode(true) as HTMLElement;
        for (const extra of copy.querySelectorAll(".cm-widgetBuffer, [aria-hidden=true]")) extra.remove();
        return copy.textContent ?? "";
      }),
    );
    return lines.join("\n");
  }

  /** Waits until the text is as wanted. */
  async sees(want: string | RegExp): Promise<void> {
    if (typeof want === "string") await expect.poll(() => this.text()).toBe(want);
    else await expect.poll(() => this.text()).toMatch(want);
  }

  /** No violation that axe can find (WCAG 2.2 A and AA), but of rules that say in the test why they do not fit. */
  async accessible(...except: string[]): Promise<void> {
    const found = await new AxeBuilder({ page: this.page })
      .options({ resultTypes: ["violations"] }) // what is in order need not be told in full
      // Without frames there is nothing to put together, for which a second page would be opened.
      .setLegacyMode(this.page.frames().length === 1)
      .disableRules(except)
      // React Aria announces here for a few seconds; what it says may name an element that has gone meanwhile.
      .exclude("[data-live-announcer]")
      // A caret's name is hidden from readers and fades after a moment: half faded it has half of its contrast.
      .exclude(".remote-label")
      // What people's own HTML is like is theirs.
      .exclude(".preview-frame")
      .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
      .analyze();
    expect(found.violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.map((n) => n.html).join("\n")}`)).toEqual([]);
  }

  /** Keeps a picture for people to look at; in CI nobody does. */
  async picture(name: string): Promise<void> {
    if (process.env["CI"] === "true") return;
    await this.page.screenshot({ path: new URL(`../artifacts/${name}.png`, import.meta.url).pathname });
  }
}

type Fixtures = {
  /** More flags for the server. */
  serverArgs: readonly string[];
  server: Server;
  /** Brings another person, with a browser profile of their own. */
  person: (options?: Parameters<Browser["newContext"]>[0]) => Promise<Person>;
};

/** Notes what no page may do: throw, break its own security policy, or ask anybody but its server for anything. */
function watch(page: Page, errors: string[]): void {
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("request", (request) => {
    const host = new URL(request.url()).hostname;
    if (host !== "127.0.0.1" && host !== "localhost" && host !== "") errors.push(`a request to ${host}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error" && message.text().includes("Content Security Policy")) errors.push(message.text());
  });
}

/** The test function of this suite: with a server of its own, and people. A page that reports an error fails its test. */
export const test = base.extend<Fixtures>({
  serverArgs: [[], { option: true }],
  server: async ({ browserName, serverArgs }, provide, info) => {
    const server = await Server.start(browserName, serverArgs);
    await provide(server);
    if (info.status !== info.expectedStatus) await info.attach("server.log", { body: server.log });
    await server.close();
  },
  person: async ({ browser, contextOptions }, provide) => {
    const contexts: BrowserContext[] = [];
    const errors: string[] = [];
    await provide(async (options) => {
      const context = await browser.newContext({ ...contextOptions, viewport: { width: 1440, height: 900 }, ...options });
      contexts.push(context);
      const page = await context.newPage();
      watch(page, errors);
      return new Person(page, context);
    });
    await Promise.all(contexts.map((context) => context.close()));
    expect(errors).toEqual([]);
  },
});

export { expect };
