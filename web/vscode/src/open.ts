import * as vscode from "vscode";
import type { Rooms } from "./room/rooms";
import type { Accounts } from "./server/accounts";
import { linkOf, parseLink } from "./server/address";
import { ApiError, type MyRoom } from "./server/api";

/** Opens rooms: by a link, or from the list of those that the user has been in. */
export class Opener {
  constructor(
    private readonly accounts: Accounts,
    private readonly rooms: Rooms,
  ) {}

  /** Asks for a link, and opens its room. */
  async ask(): Promise<void> {
    // A browser would ask the user first.
    const clip = vscode.env.uiKind === vscode.UIKind.Web ? "" : await vscode.env.clipboard.readText();
    const link = await vscode.window.showInputBox({
      title: vscode.l10n.t("Link of the room"),
      placeHolder: "https://code.example.org/r/calm-otter-12#…",
      value: parseLink(clip) === undefined || !clip.includes("/r/") ? "" : clip,
      ignoreFocusOut: true,
      validateInput: (text) => (text === "" || parseLink(text) !== undefined ? undefined : vscode.l10n.t("This is no link to a room: it looks like https://SERVER/r/ROOM#KEY")),
    });
    if (link !== undefined && link !== "") await this.link(link);
  }

  /** Opens the room of a link. */
  async link(link: string): Promise<void> {
    const address = parseLink(link);
    if (address === undefined) {
      void vscode.window.showErrorMessage(vscode.l10n.t("This is no link to a room: it looks like https://SERVER/r/ROOM#KEY"));
      return;
    }
    const api = await this.accounts.known(address.origin);
    if (api === undefined) return;
    const look = (): Promise<unknown> => api.ask(`/api/v1/rooms/${encodeURIComponent(address.room)}`, { headers: address.key === undefined ? {} : { "x-room-key": address.key } });
    try {
      await look();
    } catch (error) {
      const { code, message } = error instanceof ApiError ? error : new ApiError(0, "", String(error));
      // Some of these can be helped in the room itself: a passcode, an owner who lets one in.
      if (["sign_in", "account_needed", "signed_out"].includes(code)) {
        if (!(await this.accounts.signIn(address.origin))) return;
      } else if (!["passcode", "waiting"].includes(code)) {
        void vscode.window.showErrorMessage(code === "no_room" ? vscode.l10n.t("There is no room {0} at {1}. Ask for another link.", address.room, address.origin) : message);
        return;
      }
    }
    await this.show(await this.rooms.remember(address));
  }

  /** Lists the rooms that the user has been in. */
  async mine(origin: string): Promise<void> {
    const api = await this.accounts.known(origin);
    if (api === undefined) return;
    const { rooms } = await api.ask<{ rooms: MyRoom[] }>("/api/v1/me/rooms");
    if (rooms.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t("You have not been in any room at {0} yet.", new URL(origin).host));
      return;
    }
    const items = rooms.map(({ room, title, language, role }) => ({ label: title === undefined || title === "" ? room : title, description: `${language}, ${role}`, room }));
    const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Your rooms at {0}", new URL(origin).host) });
    if (chosen !== undefined) await this.link(linkOf({ origin, room: chosen.room }));
  }

  /** Shows a room as a folder: in an empty window at once, else where the user wants it. */
  async show(uri: vscode.Uri): Promise<void> {
    const { t } = vscode.l10n;
    const folders = vscode.workspace.workspaceFolders ?? [];
    if (folders.some((folder) => folder.uri.toString() === uri.toString())) {
      await vscode.commands.executeCommand("workbench.view.explorer");
      return;
    }
    let where = vscode.workspace.getConfiguration("codecollab").get<string>("openIn", "ask");
    if (folders.length === 0 && where !== "new") where = "this";
    if (where === "ask") {
      const items = [
        { label: t("In a new window"), where: "new" },
        { label: t("In this window, in the place of what is open"), where: "this" },
        { label: t("In this window, beside the open folders"), where: "add" },
      ];
      where = (await vscode.window.showQuickPick(items, { title: t("Where is the room to be opened?") }))?.where ?? "";
    }
    const name = uri.path.slice(1);
    if (where === "add") vscode.workspace.updateWorkspaceFolders(folders.length, 0, { uri, name });
    else if (where !== "") await vscode.commands.executeCommand("vscode.openFolder", uri, where === "new" ? { forceNewWindow: true } : { forceReuseWindow: true });
  }
}
