import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The program that is tested. */
export const binary = resolve(import.meta.dirname, "../../..", process.env["CODECOLLAB_BIN"] ?? "bin/codecollab");

/** A `codecollab serve` of a test: on a folder of its own, and always on the same port, so that pages find it again. */
export class Server {
  #child: ChildProcess | undefined;
  #log = "";
  /** What is started the next time. */
  program = binary;

  private constructor(
    readonly data: string,
    private port: number,
    private readonly args: readonly string[],
  ) {}

  /** Starts a server on a free port. name is part of its folder's, for those who look for it; args are more flags. */
  static async start(name: string, args: readonly string[] = []): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), `codecollab-e2e-${name}-`)), 0, args);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What the server has written to its log. */
  get log(): string {
    return this.#log;
  }

  /** Starts the program again on the same port and folder. */
  async start(): Promise<void> {
    const child = spawn(this.program, ["serve", "--addr", `127.0.0.1:${this.port}`, "--data", this.data, ...this.args], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#child = child;
    let said = ""; // of this one: the log has what those before it said, too
    this.port = await new Promise<number>((found, failed) => {
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        this.#log += text;
        said = (said + text).slice(-4000);
        const port = /msg=listening addr=127\.0\.0\.1:(\d+)/.exec(said);
        if (port) found(Number(port[1]));
      });
      child.once("exit", (code) => failed(new Error(`the server ended with ${code}:\n${this.#log}`)));
      child.once("error", failed);
    });
  }

  /** Ends the program at once, as a power cut would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Ends the program as an operator does. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** Ends the program and removes its folder. */
  async close(): Promise<void> {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }
}
