import { once } from "node:events";
import { createServer, type Server as HTTP } from "node:http";
import type { CodeServer } from "./code-server.ts";

/**
 * VS Code for the Web: the workbench of a code-server without that server behind it. Nothing is left but the browser: no remote host,
 * no Node, no files of a machine. Extensions run in a web worker, and what is kept is kept in the browser.
 */
export class WebCode {
  private constructor(
    private readonly http: HTTP,
    readonly url: string,
  ) {}

  /** Serves it on a port of its own. */
  static async start(code: CodeServer, port: number): Promise<WebCode> {
    const http = createServer((request, response) => {
      void alone(code, request.url ?? "/", request.method ?? "GET").then(
        ({ status, headers, body }) => response.writeHead(status, headers).end(body),
        (error: unknown) => response.writeHead(502).end(String(error)),
      );
    });
    http.listen(port, "127.0.0.1");
    await once(http, "listening");
    return new WebCode(http, `http://127.0.0.1:${port}`);
  }

  async close(): Promise<void> {
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, "close");
  }
}

/** What a code-server answers, without what ties it to its server. */
async function alone(code: CodeServer, path: string, method: string): Promise<{ status: number; headers: Record<string, string>; body: Buffer | string }> {
  const answer = await fetch(new URL(path, code.url), { method, redirect: "manual" });
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => !["content-encoding", "content-length", "transfer-encoding", "connection"].includes(name)));
  const { status } = answer;
  // The pages of vscode.dev may ask any server by https. Those of tests have http.
  const policy = headers["content-security-policy"];
  if (policy !== undefined) headers["content-security-policy"] = policy.replace("connect-src 'self'", "connect-src 'self' http://127.0.0.1:*");
  const { pathname } = new URL(path, code.url);
  if (pathname === "/") return { status, headers, body: withDefaults(await answer.text()) };
  if (pathname.endsWith("/workbench/workbench.js")) return { status, headers, body: untied(await answer.text()) };
  return { status, headers, body: Buffer.from(await answer.arrayBuffer()) };
}

/** A code-server's workbench always has a remote machine, and keeps there what belongs to the user. */
function untied(script: string): string {
  const home = /get userRoamingDataHome\(\)\{return \w+\((\w+)\.file\(this\.userDataPath\)\.with\(\{scheme:(\w+)\.vscodeRemote\}\),"User"\)\}/;
  if (!script.includes("remoteAuthority:location.host") || !home.test(script)) throw new Error("this code-server is tied to its server in another way");
  return script
    .replace("remoteAuthority:location.host", "remoteAuthority:undefined")
    .replace(home, 'get userRoamingDataHome(){return $1.file("/User").with({scheme:$2.vscodeUserData})}');
}

function withDefaults(html: string): string {
  const configurationDefaults = { "chat.disableAIFeatures": true, "workbench.startupEditor": "none", "editor.autoClosingBrackets": "never" };
  return html.replace(/(id="vscode-workbench-web-configuration" data-settings=")([^"]*)"/, (_, start: string, text: string) => {
    const { remoteAuthority: _remote, ...rest } = JSON.parse(text.replaceAll("&quot;", '"').replaceAll("&amp;", "&")) as Record<string, unknown>;
    return `${start}${JSON.stringify({ ...rest, configurationDefaults }).replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`;
  });
}
