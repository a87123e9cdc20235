import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";

const program = new URL("../../../test/oidc-provider/provider.js", import.meta.url).pathname;

/** A client of the provider, as it registers them. */
export type Client = {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly token_endpoint_auth_method?: "none"; // without a secret: PKCE alone
  readonly redirect_uris: readonly string[];
  readonly post_logout_redirect_uris?: readonly string[];
};

/** A provider of OpenID Connect that others wrote, on loopback; whoever signs in is whom they say, with any password. */
export class Provider {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: Interface,
    readonly issuer: string,
  ) {}

  static async start(): Promise<Provider> {
    const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout! });
    const [issuer] = (await Promise.race([once(lines, "line"), once(child, "exit").then(() => Promise.reject(new Error("the provider did not start")))])) as [string];
    return new Provider(child, lines, issuer);
  }

  /** Tells it the only client that it knows. It can be told once. */
  async knows(client: Client): Promise<void> {
    const ready = once(this.lines, "line");
    this.child.stdin!.write(`${JSON.stringify([client])}\n`);
    await ready;
  }

  async close(): Promise<void> {
    const gone = once(this.child, "exit");
    this.child.kill();
    await gone;
  }
}
