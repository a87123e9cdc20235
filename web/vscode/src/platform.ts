import type { Connect } from "@codecollab/client";
import type * as vscode from "vscode";
import type { Api } from "./server/api";

/** Files in a folder of the extension's own. Names have no slashes. */
export interface Store {
  list(): Promise<readonly string[]>;
  read(name: string): Promise<string | undefined>;
  /** Resolves when the text would survive the end of the process. */
  write(name: string, text: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/** A port of this machine to which a browser comes back. */
export interface Ear {
  readonly uri: string;
  readonly answer: Promise<URLSearchParams>;
  close(): void;
}

/** What is done one way in Node and another in a browser. */
export interface Platform {
  store(folder: vscode.Uri): Store;
  /** A name that no other window of this machine gets while this one lives; undefined: another has it. */
  lock(folder: vscode.Uri, name: string): Promise<(() => void) | undefined>;
  /** Connections to a path of a server. */
  connect(api: Api, path: string): Connect;
  /** The name by which the machine knows its user. */
  readonly userName: string;
  /** Whether VS Code has really kept a secret once it says so. */
  readonly keepsSecrets: boolean;
  /** Where a browser can come back to this machine. */
  readonly listen?: (page: string) => Promise<Ear>;
}
