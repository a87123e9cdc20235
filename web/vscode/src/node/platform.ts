import { fallbackConnect, streamConnect, webSocketConnect, type WebSocketLike } from "@codecollab/client";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import type { Ear, Platform, Store } from "../platform";

/** A lock that was not touched for so long is of a process whose number another has got since, in milliseconds. */
const old = 600_000;

function fileStore(folder: string): Store {
  const made = mkdir(folder, { recursive: true });
  let parts = 0;
  return {
    async list() {
      await made;
      return readdir(folder);
    },
    read: (name) => readFile(join(folder, name), "utf8").catch(() => undefined),
    async write(name, text) {
      await made;
      const part = join(folder, `${name}.${process.pid}.${++parts}.part`);
      await writeFile(part, text, { mode: 0o600 });
      await rename(part, join(folder, name));
    },
    remove: (name) => rm(join(folder, name), { force: true }),
  };
}

async function lock(folder: string, name: string): Promise<(() => void) | undefined> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.lock`);
  for (let tries = 0; tries < 2; tries++) {
    try {
      const file = await open(path, "wx", 0o600);
      await file.writeFile(String(process.pid));
      await file.close();
      const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), old / 10);
      beat.unref();
      return () => {
        clearInterval(beat);
        void rm(path, { force: true });
      };
    } catch {
      if (await isHeld(path)) return undefined;
      await rm(path, { force: true });
    }
  }
  return undefined;
}

async function isHeld(path: string): Promise<boolean> {
  try {
    const [holder, { mtimeMs }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    if (Date.now() - mtimeMs > old) return false;
    if (holder === "") return true; // it is being made
    process.kill(Number(holder), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function listen(page: string): Promise<Ear> {
  let heard: (answer: URLSearchParams) => void = () => undefined;
  const answer = new Promise<URLSearchParams>((resolve) => (heard = resolve));
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (url.pathname !== "/") {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", connection: "close" }).end(page);
    heard(url.searchParams);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return { uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, answer, close: () => void server.close() };
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "";
  }
}

/** VS Code on a machine: files, WebSockets with a token, and a port for the browser. */
export const nodePlatform: Platform = {
  store: (folder) => fileStore(folder.fsPath),
  lock: (folder, name) => lock(folder.fsPath, name),
  connect(api, path) {
    // By the package ws, because only requests of Node's own http go through the proxy that VS Code is set to, and carry a token.
    const socket = webSocketConnect(
      `${api.origin.replace(/^http/, "ws")}${path}/socket`,
      (url) => new WebSocket(url, { headers: api.token === undefined ? {} : { authorization: `Bearer ${api.token}` }, maxPayload: 1 << 28 }) as unknown as WebSocketLike,
    );
    return fallbackConnect(socket, streamConnect(`${path}/stream`, api.fetch));
  },
  userName: nameOfUser(),
  keepsSecrets: true,
  listen,
};
