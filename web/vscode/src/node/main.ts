import type * as vscode from "vscode";
import { end, start } from "../extension";
import { nodePlatform } from "./platform";

/** Called by VS Code on a machine. */
export function activate(context: vscode.ExtensionContext): void {
  start(context, nodePlatform);
}

/** Called by VS Code before the window goes. */
export function deactivate(): Promise<void> {
  return end();
}
