import * as vscode from "vscode";
import type { Rooms } from "../room/rooms";
import type { Session } from "../room/session";

/** Keeps the tabs of files that others rename: the file stays open, by its new name. */
export class Tabs {
  private readonly end: vscode.Disposable;
  private last: readonly unknown[] = [];
  private readonly names = new Map<string, string>();

  constructor(rooms: Rooms) {
    this.end = rooms.onOpen((session) => session.onChange(() => this.see(session)));
  }

  dispose(): void {
    this.end.dispose();
  }

  private see(session: Session): void {
    if (this.last === session.view.files) return;
    this.last = session.view.files;
    for (const { id, name } of session.view.files) {
      const before = this.names.get(id);
      this.names.set(id, name);
      if (before !== undefined && before !== name) void moveTab(session.uriOf(before), session.uriOf(name));
    }
  }
}

async function moveTab(from: vscode.Uri, to: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === from.toString());
  for (const tab of tabs) {
    await vscode.window.showTextDocument(to, { viewColumn: tab.group.viewColumn, preserveFocus: !tab.isActive, preview: tab.isPreview });
    await vscode.window.tabGroups.close(tab, true);
  }
}
