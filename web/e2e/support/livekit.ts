import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A real LiveKit server of a test, alone on ports of its own. `make test-livekit` builds it and says where it is. */
export class LiveKit {
  static readonly key = "e2e";
  static readonly secret = "a secret for a test, not for use";
  #child: ChildProcess | undefined;
  #log = "";

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async start(): Promise<LiveKit> {
    const folder = await mkdtemp(join(tmpdir(), "codecollab-e2e-livekit-"));
    const [port = 0, tcp = 0, udp = 0] = await freePorts(3);
    const rtc = `{tcp_port: ${tcp}, udp_port: ${udp}, node_ip: 127.0.0.1, enable_loopback_candidate: true}`;
    await writeFile(join(folder, "livekit.yaml"), `port: ${port}\nbind_addresses: [127.0.0.1]\nrtc: ${rtc}\nkeys: {${LiveKit.key}: "${LiveKit.secret}"}\n`, { mode: 0o600 });
    await writeFile(join(folder, "secret"), LiveKit.secret, { mode: 0o600 });
    const server = new LiveKit(folder, port);
    await server.start();
    return server;
  }

  /** What a codecollab is told of it. */
  get settings(): string[] {
    return [`--livekit-url=ws://127.0.0.1:${this.port}`, `--livekit-key=${LiveKit.key}`, `--livekit-secret-file=${join(this.folder, "secret")}`];
  }

  /** What the server has written to its log. */
  get log(): string {
    return this.#log;
  }

  /** Starts the program again on the same ports; it has forgotten everything. */
  async start(): Promise<void> {
    const program = process.env["LIVEKIT_SERVER"];
    if (program === undefined) throw new Error("LIVEKIT_SERVER does not say where a LiveKit server is; make test-livekit builds one");
    const child = spawn(program, ["--config", join(this.folder, "livekit.yaml")], { stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    for (const out of [child.stdout, child.stderr]) out.setEncoding("utf8").on("data", (text: string) => (this.#log += text));
    for (const end = Date.now() + 30_000; ; ) {
      if (child.exitCode !== null || Date.now() > end) throw new Error(`LiveKit does not start:\n${this.#log}`);
      if (await fetch(`http://127.0.0.1:${this.port}`).then(({ ok }) => ok, () => false)) return;
      await new Promise((next) => setTimeout(next, 50));
    }
  }

  /** Ends the program at once. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function freePorts(n: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: n }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const at = server.address();
    return typeof at === "object" && at !== null ? at.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
