import type * as vscode from "vscode";
import { end, start } from "../extension";
import { webPlatform } from "./platform";

/** Called by VS Code in a browser. */
export function activate(context: vscode.ExtensionContext): void {
  start(context, webPlatform);
}

/** Called by VS Code before the window goes. */
export function deactivate(): Promise<void> {
  return end();
}
