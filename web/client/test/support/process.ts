import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The path of the binary, from the environment. */
export const binary = process.env["CODECOLLAB_BIN"];

/** A real server as a child process, with a folder of its own. */
export class ServerProcess {
  readonly data = mkdtempSync(join(tmpdir(), "codecollab-client-test-"));
  port = 0;
  private child: ChildProcess | undefined;
  private said = "";
  private readonly keys = new Map<string, string>();

  constructor(public args: readonly string[] = []) {}

  /** Starts it, the second time on the port of the first; resolves when it listens. */
  async start(): Promise<void> {
    if (binary === undefined) throw new Error("CODECOLLAB_BIN is not set");
    // A group of its own, so that what it has started ends with it.
    const child = spawn(binary, ["serve", "--addr", `127.0.0.1:${this.port}`, "--data", this.data, ...this.args], {
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    this.child = child;
    this.said = "";
    this.port = await new Promise<number>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the server does not listen:\n${this.said}`)), 30_000);
      child.stderr?.on("data", (piece: Buffer) => {
        this.said = (this.said + piece.toString()).slice(-20_000);
        const found = /msg=listening .*?addr=127\.0\.0\.1:(\d+)/.exec(this.said);
        if (found === null) return;
        clearTimeout(late);
        resolve(Number(found[1]));
      });
      child.once("exit", (code) => {
        clearTimeout(late);
        reject(new Error(`the server ended with ${code}:\n${this.said}`));
      });
    });
  }

  /** The last that it wrote to its log. */
  get log(): string {
    return this.said;
  }

  /** Ends it without a chance to tidy up. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const over = new Promise((resolve) => child.once("exit", resolve));
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      child.kill("SIGKILL");
    }
    await over;
  }

  /** Ends it and removes its folder. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true, maxRetries: 5 });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** A room with one empty file. */
  async room(): Promise<string> {
    const response = await fetch(`${this.url}/api/v1/rooms`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"language":"python"}',
    });
    if (response.status !== 201) throw new Error(`POST /api/v1/rooms: ${response.status} ${await response.text()}`);
    const { room, key } = (await response.json()) as { room: string; key: string };
    this.keys.set(room, key);
    return room;
  }

  /** The key of a room's link for editors. */
  keyOf(room: string): string {
    return this.keys.get(room) ?? "";
  }

  /** A new guest's cookie. */
  async cookie(): Promise<string> {
    const response = await fetch(`${this.url}/api/v1/me`);
    const cookie = response.headers.getSetCookie()[0]?.split(";")[0];
    if (cookie === undefined) throw new Error("GET /api/v1/me set no cookie");
    return cookie;
  }
}
