import * as vscode from "vscode";
import type { Platform } from "../platform";
import type { Accounts } from "../server/accounts";
import { authorityOf, originFrom, type Address } from "../server/address";
import type { Secrets } from "../server/secrets";
import { Session } from "./session";

const colors = 12;
const keyOf = (authority: string, room: string): string => `key ${authority} ${room}`;

/** The rooms that are open in this window. One begins when something of it is looked at, and ends with the window or its folder. */
export class Rooms {
  private readonly open = new Map<string, Promise<Session>>();
  private readonly there = new Map<string, Session>();
  private readonly opened = new vscode.EventEmitter<Session>();
  private readonly left = new vscode.EventEmitter<Session>();

  readonly onOpen = this.opened.event;
  readonly onClose = this.left.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly platform: Platform,
    private readonly accounts: Accounts,
    private readonly secrets: Secrets,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** All that are open. */
  get all(): readonly Session[] {
    return [...this.there.values()];
  }

  /** The room that the user is in: that of the active editor, else the only one or the last one opened. */
  get current(): Session | undefined {
    const uri = vscode.window.activeTextEditor?.document.uri;
    return (uri === undefined ? undefined : this.at(uri)) ?? this.all.at(-1);
  }

  /** The open room that a URI belongs to. */
  at(uri: vscode.Uri): Session | undefined {
    return this.all.find((session) => session.nameOf(uri) !== undefined);
  }

  /** Remembers the key of a link, so that the room can be opened by its URI alone. */
  async remember({ origin, room, key }: Address): Promise<vscode.Uri> {
    const authority = authorityOf(origin);
    if (key !== undefined) await this.secrets.store(keyOf(authority, room), key);
    return vscode.Uri.from({ scheme: "codecollab", authority, path: `/${room}` });
  }

  /** The room of a URI, opened when it is not. */
  of(uri: vscode.Uri): Promise<Session> {
    const room = uri.path.split("/")[1] ?? "";
    const name = `${uri.authority}/${room}`;
    let session = this.open.get(name);
    if (session === undefined) {
      session = this.begin(uri.authority, room);
      this.open.set(name, session);
      session.catch(() => this.open.delete(name));
    }
    return session;
  }

  /** Ends a room in this window. */
  async close(session: Session): Promise<void> {
    const name = `${session.uri.authority}/${session.room}`;
    this.open.delete(name);
    this.there.delete(name);
    this.left.fire(session);
    await session.close();
  }

  /** Ends all of them. */
  async dispose(): Promise<void> {
    await Promise.all(this.all.map((session) => session.close()));
  }

  private async begin(authority: string, room: string): Promise<Session> {
    const api = await this.accounts.api(originFrom(authority));
    if (api.token === undefined) await this.accounts.signIn(api.origin, "guest").catch(() => false);
    const key = await this.secrets.get(keyOf(authority, room));
    const { name, color } = this.profile();
    const session = new Session({
      api, room, name, color, platform: this.platform, storage: this.context.globalStorageUri, log: this.log,
      ...(key === undefined ? {} : { key }),
    });
    this.there.set(`${authority}/${room}`, session);
    this.opened.fire(session);
    await session.start();
    void session.rescue();
    return session;
  }

  /** Who the user is to others, where they have no account. */
  private profile(): { readonly name: string; readonly color: number } {
    const wanted = vscode.workspace.getConfiguration("codecollab").get<string>("name")?.trim() ?? "";
    const { globalState } = this.context;
    let color = globalState.get<number>("color");
    if (color === undefined) {
      color = Math.floor(Math.random() * colors);
      void globalState.update("color", color);
    }
    return { name: [...(wanted || this.platform.userName || vscode.l10n.t("Guest"))].slice(0, 40).join(""), color };
  }
}
