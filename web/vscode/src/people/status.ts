import type { SaveState } from "@codecollab/client";
import * as vscode from "vscode";
import type { Rooms } from "../room/rooms";
import type { Session } from "../room/session";
import { trouble } from "../room/words";

/** Where the user's text is, always and truly, in the status bar. */
export class Status {
  private readonly item = vscode.window.createStatusBarItem("codecollab.status", vscode.StatusBarAlignment.Left, 50);
  private readonly people = vscode.window.createStatusBarItem("codecollab.people", vscode.StatusBarAlignment.Left, 48);
  private readonly ends: vscode.Disposable[];
  private shown = "";

  constructor(private readonly rooms: Rooms) {
    this.item.name = vscode.l10n.t("CodeCollab: saved or not");
    this.item.command = "codecollab.roomMenu";
    this.people.name = vscode.l10n.t("CodeCollab: people");
    this.people.command = "codecollab.people.focus";
    this.ends = [
      this.item,
      this.people,
      rooms.onOpen((session) => session.onChange(() => this.draw())),
      rooms.onClose(() => this.draw()),
      vscode.window.onDidChangeActiveTextEditor(() => this.draw()),
    ];
  }

  dispose(): void {
    for (const end of this.ends) end.dispose();
  }

  private draw(): void {
    const session = this.rooms.current;
    if (session === undefined) {
      this.item.hide();
      this.people.hide();
      this.shown = "";
      return;
    }
    const { text, detail, warns } = stateOf(session);
    const count = new Set(session.view.peers.map(({ person }) => person)).size;
    const now = `${text}|${detail}|${count}|${session.title}`;
    if (now === this.shown) return;
    this.shown = now;
    this.item.text = text;
    this.item.tooltip = `${session.title}\n${detail}`;
    this.item.accessibilityInformation = { label: `CodeCollab: ${text.replace(/\$\([^)]*\)\s*/g, "")}. ${detail}` };
    this.item.backgroundColor = warns ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    this.item.show();
    this.people.text = `$(organization) ${count}`;
    this.people.tooltip = session.view.peers.map(({ name }) => name).join("\n");
    this.people.show();
  }
}

type State = { readonly text: string; readonly detail: string; readonly warns: boolean };

/** How a room stands, for the status bar. */
export function stateOf(session: Session): State {
  const { t } = vscode.l10n;
  const { view } = session;
  const bad = trouble(view, session.origin);
  if (bad !== undefined) return { text: `$(error) ${t("Not in the room")}${kept(session)}`, detail: bad.message, warns: true };
  const reason = view.refusal === "locked" ? t("An owner has locked this room: for now, only owners can change it.") : t("You may look at this room, and not change it.");
  const { save } = view;
  switch (save.kind) {
    case "saved":
      if (view.refusal !== undefined) return { text: `$(lock) ${t("Read-only")}`, detail: reason, warns: false };
      return { text: `$(check) ${t("Saved")}`, detail: t("All saved at version {0}.", save.version), warns: false };
    case "sending":
      return { text: `$(sync~spin) ${t("Sending {0} characters", save.characters)}`, detail: t("The server has not confirmed them yet."), warns: false };
    case "read-only":
      return { text: `$(warning) ${t("Not saved: {0} characters", save.characters)}`, detail: save.reason, warns: true };
    case "offline":
      return {
        text: `$(cloud-offline) ${t("Offline")}${kept(session)}`,
        detail: save.fleeting === true ? t("They could not be written to this machine's disk: do not close this window.") : t("What you type is kept on this machine, and sent as soon as there is a connection."),
        warns: true,
      };
  }
}

function kept(session: Session): string {
  const save: SaveState = session.view.save;
  const characters = "characters" in save ? save.characters : 0;
  const commands = "commands" in save ? (save.commands ?? 0) : 0;
  if (characters === 0 && commands === 0) return "";
  const { t } = vscode.l10n;
  if (!session.isKept()) return `: ${characters > 0 ? t("{0} characters not kept yet", characters) : t("{0} changes not kept yet", commands)}`;
  return `: ${characters > 0 ? t("{0} characters kept", characters) : t("{0} changes kept", commands)}`;
}
