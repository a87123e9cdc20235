import type { Peer } from "@codecollab/client";
import * as vscode from "vscode";
import { placeOf } from "../core/places";
import type { Rooms } from "../room/rooms";
import type { Session } from "../room/session";
import { colorOf } from "./palette";

/** What the list of people has: a room, or somebody in it. */
export type Item = { readonly session: Session; readonly peer?: Peer };

/** Who is in the rooms of this window, and where. */
export class PeopleTree implements vscode.TreeDataProvider<Item> {
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changes.event;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private shown = "";

  constructor(private readonly rooms: Rooms) {
    rooms.onOpen((session) => {
      session.onChange(() => this.soon());
      this.soon();
    });
    rooms.onClose(() => this.soon());
  }

  getChildren(item?: Item): Item[] {
    if (item === undefined) {
      const [only, ...more] = this.rooms.all;
      return only === undefined || more.length > 0 ? this.rooms.all.map((session) => ({ session })) : this.getChildren({ session: only });
    }
    if (item.peer !== undefined) return [];
    const { session } = item;
    return session.view.peers.toSorted((a, b) => Number(b.me) - Number(a.me) || a.name.localeCompare(b.name)).map((peer) => ({ session, peer }));
  }

  getTreeItem({ session, peer }: Item): vscode.TreeItem {
    if (peer === undefined) {
      const room = new vscode.TreeItem(session.title, vscode.TreeItemCollapsibleState.Expanded);
      room.contextValue = "room";
      room.description = new URL(session.origin).host;
      room.iconPath = new vscode.ThemeIcon("organization");
      return room;
    }
    const item = new vscode.TreeItem(peer.me ? vscode.l10n.t("{0} (you)", peer.name) : peer.name);
    item.id = `${session.uri.toString()} ${peer.session}`;
    item.description = whereOf(session, peer);
    item.iconPath = icon(peer.color, peer.away);
    item.contextValue = peer.me ? "me" : "peer";
    item.accessibilityInformation = { label: `${peer.name}, ${item.description}` };
    if (!peer.me) item.command = { command: "codecollab.jumpTo", title: vscode.l10n.t("Go to them"), arguments: [{ session, peer }] };
    return item;
  }

  /** A tree that changes with each key would flicker: it is drawn when something of it is another. */
  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const now = JSON.stringify(this.rooms.all.map((session) => [session.title, session.view.peers.map((p) => [p.session, p.name, p.color, p.away, whereOf(session, p)])]));
      if (now === this.shown) return;
      this.shown = now;
      this.changes.fire();
    }, 200);
  }
}

/** Where somebody is, in words. */
function whereOf(session: Session, peer: Peer): string {
  const file = session.view.files.find(({ id }) => id === peer.file);
  const place = file === undefined ? "" : `${file.name}:${placeOf(session.client.text(file.id), peer.head).line + 1}`;
  return [place, peer.away ? vscode.l10n.t("away") : ""].filter((s) => s !== "").join(", ");
}

/** A round of the person's colour; hollow while they are away, so that it is not the colour alone. */
function icon(color: number, away: boolean): { light: vscode.Uri; dark: vscode.Uri } {
  const { light, dark } = colorOf(color);
  const draw = (c: string): vscode.Uri => {
    const fill = away ? `fill="none" stroke="${c}" stroke-width="2"` : `fill="${c}"`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><circle cx="8" cy="8" r="5" ${fill}/></svg>`;
    return vscode.Uri.parse(`data:image/svg+xml;base64,${btoa(svg)}`);
  };
  return { light: draw(light), dark: draw(dark) };
}
