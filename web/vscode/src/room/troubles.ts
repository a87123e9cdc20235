import * as vscode from "vscode";
import type { Accounts } from "../server/accounts";
import type { Sharing } from "../share/share";
import type { Rooms } from "./rooms";
import type { Session } from "./session";
import { trouble } from "./words";

/** Says, once each, what stands between the user and a room, with what can be done about it. */
export class Troubles {
  private readonly said = new Map<Session, string>();
  private readonly notices = new Map<Session, number>();
  private readonly found = new Map<Session, number>();

  constructor(
    rooms: Rooms,
    private readonly accounts: Accounts,
    private readonly sharing: () => Sharing,
  ) {
    rooms.onOpen((session) => session.onChange(() => void this.see(session)));
  }

  /** Shows the texts that have no place in the room. */
  async recovered(session: Session): Promise<void> {
    const { t } = vscode.l10n;
    const items = session.view.recovered.map((text) => ({ label: text.name === "" ? t("Chat") : text.name, description: text.reason, detail: text.text.slice(0, 200), text }));
    if (items.length === 0) {
      void vscode.window.showInformationMessage(t("Nothing had to be recovered in this room."));
      return;
    }
    const chosen = await vscode.window.showQuickPick(items, { title: t("Recovered texts") });
    if (chosen === undefined) return;
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: chosen.text.text }));
    const forget = t("Forget it");
    if ((await vscode.window.showInformationMessage(t("The text is kept until you forget it."), forget)) === forget) session.client.dismissRecovered(chosen.text.id);
  }

  /** Signs in again, and goes on. */
  async signIn(session: Session): Promise<void> {
    if (!(await this.accounts.signIn(session.origin))) return;
    session.client.signedIn();
    session.client.tryAgain();
  }

  private async see(session: Session): Promise<void> {
    const { view } = session;
    this.seeTexts(session);
    const bad = trouble(view, session.origin);
    const before = this.said.get(session);
    this.said.set(session, bad?.message ?? "");
    if (bad === undefined || bad.message === before) return;
    const { t } = vscode.l10n;
    const actions = { signIn: t("Sign in"), update: t("Get the extension"), passcode: t("Enter the passcode"), back: t("Write to a folder") };
    const offered = [...(bad.action === undefined ? [] : [actions[bad.action]]), ...(view.error?.code === "deleted" || this.sharing().isShared(session) ? [actions.back] : [])];
    const said = await vscode.window.showWarningMessage(bad.message, ...offered);
    if (said === actions.signIn) await this.signIn(session);
    else if (said === actions.update) await vscode.env.openExternal(vscode.Uri.parse(`${session.origin}/vscode/codecollab.vsix`, true));
    else if (said === actions.back) await this.sharing().back(session);
    else if (said === actions.passcode) await this.passcode(session);
  }

  private seeTexts(session: Session): void {
    const { t } = vscode.l10n;
    const { notices, recovered } = session.view;
    const last = this.notices.get(session) ?? 0;
    for (const { id, text } of notices) if (id > last) void vscode.window.showWarningMessage(text);
    this.notices.set(session, notices.at(-1)?.id ?? last);
    const before = this.found.get(session) ?? 0;
    this.found.set(session, recovered.length);
    if (recovered.length <= before) return;
    const show = t("Show");
    void vscode.window.showWarningMessage(t("Some text could not stay in its file. It is kept."), show).then((said) => {
      if (said === show) void this.recovered(session);
    });
  }

  private async passcode(session: Session): Promise<void> {
    const passcode = await vscode.window.showInputBox({ title: vscode.l10n.t("Passcode of the room"), password: true, ignoreFocusOut: true });
    if (passcode === undefined) return;
    try {
      await session.api.post(`/api/v1/rooms/${encodeURIComponent(session.room)}/passcode`, { passcode }, { headers: session.keyHeader });
      session.client.tryAgain();
    } catch (error) {
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
      await this.passcode(session);
    }
  }
}
