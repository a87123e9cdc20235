import { streamConnect } from "@codecollab/client";
import * as vscode from "vscode";
import type { Platform, Store } from "../platform";

function uriStore(folder: vscode.Uri): Store {
  const { fs } = vscode.workspace;
  const made = fs.createDirectory(folder);
  const at = (name: string): vscode.Uri => vscode.Uri.joinPath(folder, name);
  return {
    async list() {
      await made;
      return (await fs.readDirectory(folder)).map(([name]) => name);
    },
    async read(name) {
      try {
        return new TextDecoder().decode(await fs.readFile(at(name)));
      } catch {
        return undefined;
      }
    },
    async write(name, text) {
      await made;
      await fs.writeFile(at(name), new TextEncoder().encode(text));
    },
    async remove(name) {
      try {
        await fs.delete(at(name));
      } catch {
        // it is not there
      }
    },
  };
}

type Locks = { request(name: string, options: { ifAvailable: true }, f: (lock: unknown) => Promise<void>): Promise<void> };

/** VS Code in a browser: storage and locks of the browser, and connections by event stream, which alone can carry a token there. */
export const webPlatform: Platform = {
  store: uriStore,
  lock(_folder, name) {
    const { locks } = navigator as unknown as { locks?: Locks };
    if (locks === undefined) return Promise.resolve(() => undefined);
    return new Promise((resolve) => {
      void locks.request(`codecollab:${name}`, { ifAvailable: true }, (lock) => {
        if (lock === null) {
          resolve(undefined);
          return Promise.resolve();
        }
        return new Promise<void>((release) => resolve(release));
      });
    });
  },
  connect: (api, path) => streamConnect(`${path}/stream`, api.fetch),
  userName: "",
  keepsSecrets: false,
};
