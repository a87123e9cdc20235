import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, type Locator, type Page } from "@playwright/test";

const root = resolve(import.meta.dirname, "../../..");
const vsix = join(root, "web/vscode/dist/codecollab.vsix");
/** An extension for tests, which is none for users: see there. */
const probe = join(import.meta.dirname, "probe");

/** How long VS Code may take to begin, in milliseconds: half a minute on two cores, several times that on a slow machine. */
export const patience = 180_000;

/** Nothing of VS Code that is not looked at, and nothing that asks for the network. */
const settings = {
  "chat.disableAIFeatures": true,
  "git.enabled": false,
  "typescript.disableAutomaticTypeAcquisition": true,
  "remote.autoForwardPorts": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "telemetry.telemetryLevel": "off",
  "extensions.ignoreRecommendations": true,
  "editor.autoClosingBrackets": "never",
  "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
  "editor.minimap.enabled": false,
};

/** A code-server with the extension, or bare, on folders of its own. scripts/code-server.sh fetches it. */
export class CodeServer {
  private constructor(
    private readonly home: string,
    private readonly child: ChildProcess,
    readonly url: string,
    /** Where the extension for tests answers. */
    readonly probePort: number,
  ) {}

  static async start(more: Record<string, unknown> = {}, { bare = false, probed = false }: { readonly bare?: boolean; readonly probed?: boolean } = {}): Promise<CodeServer> {
    const port = await freePort();
    const folder = execFileSync(join(root, "scripts/code-server.sh"), { encoding: "utf8" }).trim().split("\n").at(-1) ?? "";
    const home = await mkdtemp(join(tmpdir(), "codecollab-code-server-"));
    await mkdir(join(home, "data/User"), { recursive: true });
    const probePort = await freePort();
    await writeFile(join(home, "data/User/settings.json"), JSON.stringify({ ...settings, "codecollabProbe.port": probePort, ...more }));
    if (probed) await cp(probe, join(home, "extensions/codecollab.probe-0.0.1"), { recursive: true });
    const node = join(folder, "node");
    const entry = join(folder, "node_modules/code-server/out/node/entry.js");
    const where = ["--user-data-dir", join(home, "data"), "--extensions-dir", join(home, "extensions")];
    const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, "config"), XDG_DATA_HOME: join(home, "share"), EXTENSIONS_GALLERY: "{}", PORT: "" };
    if (!bare) execFileSync(node, [entry, ...where, "--install-extension", vsix], { env, stdio: "pipe" });
    const args = ["--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust", "--disable-getting-started-override"];
    const child = spawn(node, [entry, ...args, ...where], { env, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    await new Promise<void>((ready, failed) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (piece: Buffer) => {
          said += piece.toString();
          if (said.includes("HTTP server listening")) ready();
        });
      }
      child.once("exit", (code) => failed(new Error(`code-server ended with ${code}:\n${said}`)));
    });
    return new CodeServer(home, child, `http://127.0.0.1:${port}`, probePort);
  }

  async close(): Promise<void> {
    const gone = once(this.child, "exit");
    this.child.kill();
    await gone;
    await rm(this.home, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Somebody in VS Code. */
export class Coder {
  constructor(readonly page: Page) {}

  get lines(): Locator {
    return this.page.locator(".editor-instance .view-lines");
  }

  get status(): Locator {
    return this.page.locator("#codecollab\\.codecollab\\.codecollab\\.status, [id*='codecollab.status']").first();
  }

  /** What stands in the editor, as far as it is in view. */
  async text(): Promise<string> {
    const lines = await this.page.locator(".editor-instance .view-line").evaluateAll((all) =>
      all.map((line) => [Number.parseFloat((line as HTMLElement).style.top), line.textContent ?? ""] as const).sort((a, b) => a[0] - b[0]).map(([, text]) => text),
    );
    return lines.join("\n").replaceAll("\u00a0", " ").replaceAll("\u200b", "");
  }

  /** Runs a command of the palette. */
  async command(name: string): Promise<void> {
    const row = this.page.locator(".quick-input-widget .monaco-list-row").filter({ hasText: name }).first();
    await expect(async () => {
      await this.page.keyboard.press("Escape");
      await this.page.keyboard.press("F1");
      await expect(this.page.locator(".quick-input-widget")).toBeVisible({ timeout: 5000 });
      await this.page.keyboard.type(name);
      await row.click({ timeout: 15_000 });
    }).toPass({ timeout: patience });
  }

  /** Answers what VS Code asks. */
  async answer(text: string): Promise<void> {
    await expect(this.page.locator(".quick-input-widget")).toBeVisible();
    await this.page.keyboard.insertText(text);
    await this.page.keyboard.press("Enter");
  }

  /** What VS Code asks in the middle of its window. */
  get dialog(): Locator {
    return this.page.locator(".monaco-dialog-box");
  }

  /** What it says at the side. */
  notice(text: string | RegExp): Locator {
    return this.page.locator(".notifications-toasts .notification-list-item, .notifications-center .notification-list-item").filter({ hasText: text }).first();
  }

  /** Takes one of what is listed. */
  async choose(text: string): Promise<void> {
    await this.page.locator(".quick-input-widget .monaco-list-row").filter({ hasText: text }).first().click({ timeout: patience });
  }

  /** Opens a room by its link, as a guest who may write. */
  async join(code: CodeServer, link: string): Promise<void> {
    await this.enter(code, link);
    await expect(this.status).toContainText("Saved", { timeout: patience });
  }

  /** Opens a room by its link, as a guest. */
  async enter(code: CodeServer, link: string): Promise<void> {
    // An empty window: a code-server opens by itself what was open last, for whoever comes.
    await this.page.goto(`${code.url}/?ew=true`);
    await expect(this.page.locator(".monaco-workbench")).toBeVisible({ timeout: patience });
    await this.openLink(link);
    await this.choose("Continue as a guest");
  }

  /** Asks for a room by its link. */
  async openLink(link: string): Promise<void> {
    // While its extensions begin, VS Code may forget a command.
    await expect(async () => {
      await this.command("CodeCollab: Open Room by Link");
      await expect(this.page.locator(".quick-input-title")).toContainText("Link of the room", { timeout: 30_000 });
    }).toPass({ timeout: patience });
    await this.answer(link);
  }

  /** Opens a file from the explorer. */
  async file(name: string): Promise<void> {
    await this.page.locator(".explorer-folders-view .monaco-list-row").filter({ hasText: name }).first().dblclick();
    await expect(this.page.locator(".tab.active").filter({ hasText: name })).toBeVisible();
  }

  /** Puts the caret at the end of the text. */
  async end(): Promise<void> {
    await this.lines.first().click();
    await this.page.keyboard.press("ControlOrMeta+End");
  }
}
