import * as vscode from "vscode";
import type { Rooms } from "../room/rooms";
import type { Session } from "../room/session";
import type { Accounts } from "../server/accounts";
import { linkOf, originOf } from "../server/address";
import { scan, textOf, type Candidate, type Folder } from "./scan";

/** Which folder a room was made from: what is needed to write it back. */
type Shared = { readonly room: string; readonly folder: string; readonly files: Record<string, string> };

/** Of the server's limits the defaults: the true ones are known in the room only. */
const limits = { fileBytes: 900_000, files: 499 };
const keptKey = "shared";

/** Makes rooms from what is on this machine, and writes them back. Nothing leaves before the user has said yes to a list of it. */
export class Sharing {
  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly accounts: Accounts,
    private readonly rooms: Rooms,
    private readonly open: (uri: vscode.Uri) => Promise<void>,
  ) {}

  /** Asks for the server, unless a setting names it. */
  async server(): Promise<string | undefined> {
    const configured = originOf(vscode.workspace.getConfiguration("codecollab").get<string>("server") ?? "");
    if (configured !== undefined) return configured;
    const typed = await vscode.window.showInputBox({
      title: vscode.l10n.t("Address of the CodeCollab server"),
      placeHolder: "https://code.example.org",
      ignoreFocusOut: true,
      validateInput: (text) => (originOf(text) === undefined ? vscode.l10n.t("This is no address.") : undefined),
    });
    const origin = typed === undefined ? undefined : originOf(typed);
    if (origin !== undefined) await vscode.workspace.getConfiguration("codecollab").update("server", origin, vscode.ConfigurationTarget.Global);
    return origin;
  }

  /** Makes a room from a folder. */
  async folder(uri: vscode.Uri): Promise<void> {
    const { t } = vscode.l10n;
    const found = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: t("Looking through the folder") }, () => scan(folderOf(uri), limits));
    if (found.files.length === 0) {
      void vscode.window.showInformationMessage(t("There is no text in this folder that could be shared."));
      return;
    }
    const chosen = await vscode.window.showQuickPick(
      found.files.map((file) => ({ label: file.path, description: size(file.bytes), picked: true, file })),
      { canPickMany: true, ignoreFocusOut: true, title: t("Which files?"), placeHolder: leftWords(found) },
    );
    if (chosen === undefined || chosen.length === 0) return;
    const room = await this.make(chosen.map(({ file }) => file));
    if (room === undefined) return;
    const shared: Shared = { room: room.toString(), folder: uri.toString(), files: Object.fromEntries(chosen.map(({ file }) => [file.path, file.text])) };
    await this.context.globalState.update(keptKey, [...this.kept().filter((s) => s.room !== shared.room).slice(-9), shared]);
    await this.open(room);
  }

  /** Makes a room from what is selected in an editor, or all of it. */
  async selection(editor: vscode.TextEditor): Promise<void> {
    const { document, selection } = editor;
    const text = document.getText(selection.isEmpty ? undefined : selection).replace(/\r\n?/g, "\n");
    const name = document.uri.path.split("/").at(-1) ?? "";
    const room = await this.make([{ path: name === "" || document.isUntitled ? "main.txt" : name, text, bytes: new TextEncoder().encode(text).length }]);
    if (room !== undefined) await this.open(room);
  }

  /** Makes a room with nothing but the sample of a language. */
  async empty(): Promise<void> {
    const origin = await this.server();
    const api = origin === undefined ? undefined : await this.accounts.known(origin);
    if (api === undefined) return;
    const languages = (await api.languages()).filter(({ available }) => available);
    const chosen = await vscode.window.showQuickPick(languages.map(({ id, name }) => ({ label: name, id })), { title: vscode.l10n.t("Language of the room") });
    if (chosen === undefined) return;
    const { room, key } = await api.post<{ room: string; key?: string }>("/api/v1/rooms", { language: chosen.id });
    await this.open(await this.rooms.remember({ origin: api.origin, room, ...(key === undefined ? {} : { key }) }));
  }

  /** Whether a room was made from a folder of this machine. */
  isShared(session: Session): boolean {
    return this.kept().some(({ room }) => room === session.uri.toString());
  }

  /** Writes a room back to the folder that it was made from, file by file as the user chooses, after they have seen what changes. */
  async back(session: Session): Promise<void> {
    const { t } = vscode.l10n;
    const shared = this.kept().find(({ room }) => room === session.uri.toString());
    let folder = shared === undefined ? undefined : vscode.Uri.parse(shared.folder);
    if (folder === undefined) {
      folder = (await vscode.window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false, title: t("Write the room to which folder?") }))?.[0];
      if (folder === undefined) return;
    }
    const changes: { label: string; description: string; path: string; text: string; picked: boolean; buttons: vscode.QuickInputButton[] }[] = [];
    const buttons = [{ iconPath: new vscode.ThemeIcon("diff"), tooltip: t("Show what changes") }];
    for (const { id, name } of session.view.files) {
      const text = session.client.text(id).toString();
      const there = await localText(vscode.Uri.joinPath(folder, name));
      if (there === text) continue;
      const touched = there !== undefined && shared !== undefined && shared.files[name] !== undefined && shared.files[name] !== there;
      const description = there === undefined ? t("new") : touched ? t("changed here and in the room") : t("changed");
      changes.push({ label: name, description, path: name, text, picked: !touched, buttons });
    }
    if (changes.length === 0) {
      void vscode.window.showInformationMessage(t("The folder has all that the room has."));
      return;
    }
    const chosen = await pickWithDiffs(session, folder, changes);
    if (chosen === undefined || chosen.length === 0) return;
    const write = t("Write");
    const sure = await vscode.window.showWarningMessage(t("Write {0} files to {1}?", chosen.length, folder.fsPath), { modal: true, detail: chosen.map(({ path }) => path).slice(0, 20).join("\n") }, write);
    if (sure !== write) return;
    for (const { path, text } of chosen) {
      const uri = vscode.Uri.joinPath(folder, path);
      const eol = (await rawText(uri))?.includes("\r\n") === true ? text.replaceAll("\n", "\r\n") : text;
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(eol));
    }
    void vscode.window.showInformationMessage(t("{0} files were written to {1}.", chosen.length, folder.fsPath));
  }

  private kept(): readonly Shared[] {
    return this.context.globalState.get<readonly Shared[]>(keptKey, []);
  }

  /** Makes a room of files, after the user has said yes. */
  private async make(files: readonly Candidate[]): Promise<vscode.Uri | undefined> {
    const { t } = vscode.l10n;
    const origin = await this.server();
    if (origin === undefined) return undefined;
    const bytes = files.reduce((n, file) => n + file.bytes, 0);
    const send = t("Send");
    const detail = t("Whoever has the room's link can read and change them there. Your own files stay as they are.");
    const sure = await vscode.window.showWarningMessage(t("Send {0} files ({1}) to {2}?", files.length, size(bytes), new URL(origin).host), { modal: true, detail: `${detail}\n\n${files.map(({ path }) => path).slice(0, 20).join("\n")}${files.length > 20 ? "\n…" : ""}` }, send);
    if (sure !== send) return undefined;
    const api = await this.accounts.known(origin);
    if (api === undefined) return undefined;
    const extension = (path: string): string => /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
    const languages = (await api.languages()).filter(({ available }) => available);
    const count = (id: readonly string[]): number => files.filter(({ path }) => id.includes(extension(path))).length;
    const language = languages.toSorted((a, b) => count(b.extensions) - count(a.extensions))[0]?.id ?? "python";
    const { room, key } = await api.post<{ room: string; key?: string }>("/api/v1/rooms", { language });
    const uri = await this.rooms.remember({ origin, room, ...(key === undefined ? {} : { key }) });
    const session = await this.rooms.of(uri);
    await session.ready();
    const sample = session.view.files[0];
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: t("Sending {0} files", files.length) }, async () => {
      if (sample !== undefined) session.client.deleteFile(sample.id);
      for (const { path, text } of files) session.client.createFile(path, text);
      for (let n = 0; n < 600 && session.client.unsent() > 0; n++) await new Promise((go) => setTimeout(go, 100));
    });
    for (const { text } of session.view.notices) void vscode.window.showWarningMessage(text);
    return uri;
  }
}

function pickWithDiffs<T extends vscode.QuickPickItem & { readonly path: string; readonly picked: boolean }>(session: Session, folder: vscode.Uri, items: readonly T[]): Promise<readonly T[] | undefined> {
  const pick = vscode.window.createQuickPick<T>();
  pick.title = vscode.l10n.t("Which files are to be written to {0}?", folder.fsPath);
  pick.canSelectMany = true;
  pick.ignoreFocusOut = true;
  pick.items = items;
  pick.selectedItems = items.filter(({ picked }) => picked);
  pick.onDidTriggerItemButton(({ item }) => {
    void vscode.commands.executeCommand("vscode.diff", vscode.Uri.joinPath(folder, item.path), session.uriOf(item.path), vscode.l10n.t("{0}: here and in the room", item.path));
  });
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems);
      pick.dispose();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function folderOf(root: vscode.Uri): Folder {
  const { fs } = vscode.workspace;
  const at = (path: string): vscode.Uri => (path === "" ? root : vscode.Uri.joinPath(root, path));
  return {
    // Links are left out: what they lead to may be anywhere.
    list: async (path) => (await fs.readDirectory(at(path))).flatMap(([name, type]) => ((type & vscode.FileType.SymbolicLink) !== 0 ? [] : [{ name, isFolder: type === vscode.FileType.Directory }])),
    size: async (path) => (await fs.stat(at(path))).size,
    read: async (path) => fs.readFile(at(path)),
  };
}

async function rawText(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}

async function localText(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return textOf(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}

function size(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function leftWords({ left, ignored }: { readonly left: readonly { readonly why: string }[]; readonly ignored: number }): string {
  const { t } = vscode.l10n;
  const count = (why: string): number => left.filter((l) => l.why === why).length;
  const parts = [
    count("large") > 0 ? t("{0} too large", count("large")) : "",
    count("binary") > 0 ? t("{0} no text", count("binary")) : "",
    count("many") > 0 ? t("{0} beyond the limit of files", count("many")) : "",
    ignored > 0 ? t("{0} ignored (.gitignore and the usual)", ignored) : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? t("All are chosen. Nothing is sent yet.") : t("Left out: {0}. Nothing is sent yet.", parts.join(", "));
}

/** The link of a room for others: that of the user's own role. */
export function shareLink(session: Session, version?: number): string {
  const { key } = session.view;
  return linkOf({ origin: session.origin, room: session.room, ...(key === undefined ? {} : { key }) }, version);
}
