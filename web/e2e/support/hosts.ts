import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary } from "./server.ts";

const chromium = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Where the server is, whichever network leads there. */
export const here = { v4: "10.77.0.1", v6: "fd77::1" } as const;
const port = 8080;

/** Packets between the hosts that do not come through; what a host says to itself does. */
export type Firewall = "open" | "no udp" | "page only" | "no IPv4" | "loss";

/** PORT is the one on the server's side. (nft 1.0 makes one comparison of two ports that are beside each other, so a rule has one.) */
const rules: Record<Firewall, readonly string[]> = {
  open: [],
  "no udp": ["meta l4proto udp drop"],
  "page only": ["meta l4proto udp drop", `tcp PORT != ${port} drop`],
  "no IPv4": ["meta nfproto ipv4 drop"],
  loss: ["meta l4proto udp numgen random mod 100 < 5 drop"],
};

/** How a reason begins that nobody can do anything about, CI neither. */
export const refused = "the kernel refuses network namespaces or nftables";

/** Why this machine has no namespaces for us; undefined where it has. */
export function noNamespaces(): string | undefined {
  try {
    const name = `cc-try-${process.pid}`;
    run("ip", "netns", "add", name);
    try {
      inside(name, "nft", "list", "ruleset");
    } finally {
      run("ip", "netns", "del", name);
    }
    return undefined;
  } catch (error) {
    const lacks = process.getuid?.() !== 0 || (error as NodeJS.ErrnoException).code === "ENOENT";
    return `${lacks ? "it needs root, iproute2 and nftables" : refused}: ${String(error)}`;
  }
}

/**
 * Two hosts, each a network namespace: one for the server, and one for a client that has two networks to it, "first" and "second".
 * A firewall of the kernel's (nftables) stands before the server.
 */
export class Hosts {
  private readonly server = `cc-s-${process.pid}`;
  private readonly client = `cc-c-${process.pid}`;
  private children: ChildProcess[] = [];

  private constructor(private readonly folder: string) {}

  static async make(): Promise<Hosts> {
    const hosts = new Hosts(await mkdtemp(join(tmpdir(), "codecollab-e2e-hosts-")));
    try {
      await hosts.build();
    } catch (error) {
      await hosts.close();
      throw error;
    }
    return hosts;
  }

  private async build(): Promise<void> {
    const { server, client } = this;
    for (const name of [server, client]) {
      run("ip", "netns", "add", name);
      inside(name, "ip", "link", "set", "lo", "up");
      const program = this.browser(name === server ? "server" : "client");
      await writeFile(program, `#!/bin/sh\nexec ip netns exec ${name} ${chromium} "$@"\n`);
      await chmod(program, 0o755);
    }
    inside(server, "ip", "addr", "add", `${here.v4}/32`, "dev", "lo");
    inside(server, "ip", "addr", "add", `${here.v6}/128`, "dev", "lo", "nodad");
    for (const [i, link] of ["first", "second"].entries()) {
      run("ip", "link", "add", link, "netns", server, "type", "veth", "peer", "name", link, "netns", client);
      for (const [name, host] of [[server, 1], [client, 2]] as const) {
        inside(name, "ip", "addr", "add", `10.77.${i + 1}.${host}/24`, "dev", link);
        inside(name, "ip", "addr", "add", `fd77:${i + 1}::${host}/64`, "dev", link, "nodad");
        inside(name, "ip", "link", "set", link, "up");
      }
      inside(client, "ip", "route", "add", "default", "via", `10.77.${i + 1}.1`, "dev", link, "metric", `${10 * (i + 1)}`);
      inside(client, "ip", "-6", "route", "add", "default", "via", `fd77:${i + 1}::1`, "dev", link, "metric", `${10 * (i + 1)}`);
    }
  }

  /** The program that is a browser on one of the hosts. */
  browser(on: "server" | "client"): string {
    return join(this.folder, `chromium-on-${on}`);
  }

  /** Starts a server on an address, and gives its URL. */
  async serve(address: string): Promise<string> {
    const host = address.includes(":") ? `[${address}]` : address;
    const args = ["netns", "exec", this.server, binary, "serve", "--addr", `${host}:${port}`, "--data", join(this.folder, `data-${this.children.length}`)];
    const child = spawn("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
    this.children.push(child);
    let said = "";
    await new Promise<void>((up, failed) => {
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (said.includes("msg=listening")) up();
      });
      child.once("exit", (code) => failed(new Error(`the server ended with ${code}:\n${said}`)));
    });
    return `http://${host}:${port}`;
  }

  /** From now on this firewall stands between the hosts. */
  firewall(which: Firewall): void {
    const chain = (hook: string, way: string, side: string): string =>
      `chain ${hook} { type filter hook ${hook} priority 0; ${rules[which].map((rule) => `${way} != "lo" ${rule.replace("PORT", side)};`).join(" ")} }`;
    const text = `flush ruleset\ntable inet between {\n${chain("input", "iifname", "dport")}\n${chain("output", "oifname", "sport")}\n}\n`;
    execFileSync("ip", ["netns", "exec", this.server, "nft", "-f", "-"], { input: text });
  }

  /** The client's network goes, and its addresses with it. */
  lose(link: "first" | "second"): void {
    inside(this.client, "ip", "link", "set", link, "down");
    inside(this.client, "ip", "addr", "flush", "dev", link);
  }

  async close(): Promise<void> {
    for (const child of this.children) {
      if (child.exitCode !== null) continue;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    }
    for (const name of [this.server, this.client]) {
      try {
        run("ip", "netns", "del", name);
      } catch {
        // it was not made
      }
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

function inside(name: string, ...command: string[]): void {
  run("ip", "netns", "exec", name, ...command);
}

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: ["ignore", "ignore", "pipe"] });
}
