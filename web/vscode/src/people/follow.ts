import type { Peer } from "@codecollab/client";
import * as vscode from "vscode";
import { placeOf } from "../core/places";
import type { Rooms } from "../room/rooms";
import type { Session } from "../room/session";

/** Goes where others are, and stays with one of them until the user does something by themselves. */
export class Follow {
  private whom: { readonly session: Session; readonly peer: string; at: string } | undefined;
  private readonly item = vscode.window.createStatusBarItem("codecollab.follow", vscode.StatusBarAlignment.Left, 49);
  private readonly ends: vscode.Disposable[];

  constructor(rooms: Rooms) {
    this.item.name = vscode.l10n.t("CodeCollab: following");
    this.item.command = "codecollab.unfollow";
    this.item.backgroundColor = new vscode.ThemeColor("statusBarItem.warningBackground");
    this.ends = [
      this.item,
      rooms.onOpen((session) => {
        session.onChange(() => void this.see(session));
        session.onBring((by) => void this.brought(session, by));
      }),
      rooms.onClose((session) => {
        if (this.whom?.session === session) this.stop();
      }),
      // The user's own keys and clicks end it; what they do is seen by its kind.
      vscode.window.onDidChangeTextEditorSelection(({ kind }) => {
        if (kind === vscode.TextEditorSelectionChangeKind.Mouse || kind === vscode.TextEditorSelectionChangeKind.Keyboard) this.stop();
      }),
    ];
  }

  /** Follows somebody from here on. */
  async start(session: Session, peer: Peer): Promise<void> {
    this.whom = { session, peer: peer.session, at: "" };
    void vscode.commands.executeCommand("setContext", "codecollab.following", true);
    await this.see(session);
  }

  /** Follows nobody. */
  stop(): void {
    if (this.whom === undefined) return;
    this.whom = undefined;
    this.item.hide();
    void vscode.commands.executeCommand("setContext", "codecollab.following", false);
  }

  /** Goes to where somebody is, once. */
  async jump(session: Session, peer: Peer): Promise<void> {
    if (peer.file === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t("{0} is in no file now.", peer.name));
      return;
    }
    await this.show(session, peer.file, peer.head, undefined, true);
  }

  dispose(): void {
    for (const end of this.ends) end.dispose();
  }

  private async brought(session: Session, by: string): Promise<void> {
    const peer = session.view.peers.find((p) => p.session === by);
    if (peer === undefined || peer.me) return;
    const go = vscode.l10n.t("Go there");
    if ((await vscode.window.showInformationMessage(vscode.l10n.t("{0} asks everybody to come to where they are.", peer.name), go)) === go) await this.start(session, peer);
  }

  private async see(session: Session): Promise<void> {
    const { whom } = this;
    if (whom?.session !== session) return;
    const peer = session.view.peers.find((p) => p.session === whom.peer);
    if (peer === undefined) {
      this.stop();
      return;
    }
    this.item.text = `$(eye) ${vscode.l10n.t("Following {0}", peer.name.replaceAll("$(", "$ ("))}`;
    this.item.tooltip = vscode.l10n.t("Escape, a key or a click in the text ends it.");
    this.item.show();
    const at = `${peer.file ?? ""} ${peer.head} ${peer.top ?? 0}`;
    if (at === whom.at || peer.file === undefined) return;
    whom.at = at;
    await this.show(session, peer.file, peer.head, peer.top, false);
  }

  private async show(session: Session, file: string, head: number, top: number | undefined, select: boolean): Promise<void> {
    const known = session.view.files.find(({ id }) => id === file);
    if (known === undefined) return;
    const { whom } = this;
    const uri = session.uriOf(known.name);
    const open = vscode.window.activeTextEditor;
    const editor = open?.document.uri.toString() === uri.toString() ? open : await vscode.window.showTextDocument(uri, { preview: true, preserveFocus: !select });
    if (!select && this.whom !== whom) return; // the user has gone their own way meanwhile
    const { line, character } = placeOf(session.client.text(file), head);
    const at = new vscode.Position(line, character);
    if (select) editor.selection = new vscode.Selection(at, at);
    const first = top === undefined ? undefined : new vscode.Position(Math.min(top - 1, editor.document.lineCount - 1), 0);
    if (first !== undefined && first.line <= line) editor.revealRange(new vscode.Range(first, first), vscode.TextEditorRevealType.AtTop);
    editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}
