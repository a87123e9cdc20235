import * as vscode from "vscode";
import { RoomFiles } from "./files/provider";
import { Tabs } from "./files/tabs";
import { Hints, Lenses } from "./hints/hints";
import { Opener } from "./open";
import { Carets } from "./people/carets";
import { Follow } from "./people/follow";
import { Status } from "./people/status";
import { PeopleTree, type Item } from "./people/tree";
import type { Platform } from "./platform";
import { Rooms } from "./room/rooms";
import type { Session } from "./room/session";
import { Troubles } from "./room/troubles";
import { Runs } from "./run/runs";
import { Accounts } from "./server/accounts";
import { Secrets } from "./server/secrets";
import { Sharing, shareLink } from "./share/share";
import { ChatView } from "./talk/chat";

let ending: (() => Promise<void>) | undefined;

/** Begins the extension: everything is made here, and knows of the others only what it is given. */
export function start(context: vscode.ExtensionContext, platform: Platform): void {
  const began = performance.now();
  const log = vscode.window.createOutputChannel("CodeCollab", { log: true });
  const secrets = new Secrets(context.secrets, platform.keepsSecrets ? undefined : platform.store(vscode.Uri.joinPath(context.globalStorageUri, "secrets")));
  const accounts = new Accounts(secrets, platform);
  const rooms = new Rooms(context, platform, accounts, secrets, log);
  const opener = new Opener(accounts, rooms);
  const files = new RoomFiles(rooms);
  const carets = new Carets(rooms);
  const follow = new Follow(rooms);
  const runs = new Runs(rooms);
  const hints = new Hints();
  const sharing = new Sharing(context, accounts, rooms, (uri) => opener.show(uri));
  const troubles = new Troubles(rooms, accounts, () => sharing);
  const { workspace, window, languages } = vscode;
  ending = () => rooms.dispose();

  context.subscriptions.push(
    log,
    workspace.registerFileSystemProvider("codecollab", files, { isCaseSensitive: true }),
    workspace.onDidChangeTextDocument((event) => {
      if (event.document.uri.scheme === "codecollab") rooms.at(event.document.uri)?.documentChanged(event);
    }),
    workspace.onDidCloseTextDocument((document) => rooms.at(document.uri)?.documentClosed(document)),
    workspace.onDidSaveTextDocument((document) => files.saved(document)),
    workspace.onDidOpenTextDocument((document) => void bind(rooms, document)),
    workspace.onDidChangeWorkspaceFolders(({ removed }) => {
      for (const { uri } of removed) {
        const session = rooms.at(uri);
        if (session !== undefined) void rooms.close(session);
      }
    }),
    carets,
    follow,
    runs,
    hints,
    new Status(rooms),
    new Tabs(rooms),
    window.registerTreeDataProvider("codecollab.people", new PeopleTree(rooms)),
    window.registerWebviewViewProvider("codecollab.chat", new ChatView(rooms)),
    languages.registerCodeLensProvider({ scheme: "codecollab" }, new Lenses(rooms)),
    window.registerUriHandler({ handleUri: (uri) => guarded(() => opener.link(new URLSearchParams(uri.query).get("link") ?? "")) }),
  );
  rooms.onOpen((session) => {
    void vscode.commands.executeCommand("setContext", "codecollab.inRoom", true);
    void session.ready().then(
      () => {
        for (const document of workspace.textDocuments) void bind(rooms, document);
      },
      () => undefined, // Troubles says why
    );
  });
  rooms.onClose(() => void vscode.commands.executeCommand("setContext", "codecollab.inRoom", rooms.all.length > 0));

  const current = (): Session | undefined => {
    const session = rooms.current;
    if (session === undefined) void window.showInformationMessage(vscode.l10n.t("Open a room first."));
    return session;
  };
  const inRoom = (f: (session: Session) => unknown): (() => unknown) => () => {
    const session = current();
    return session === undefined ? undefined : f(session);
  };
  const inEditor = (f: (session: Session, editor: vscode.TextEditor) => unknown): (() => unknown) => () => {
    const editor = window.activeTextEditor;
    const session = editor === undefined ? undefined : rooms.at(editor.document.uri);
    if (editor === undefined || session === undefined) void window.showInformationMessage(vscode.l10n.t("Open a file of a room first."));
    else return f(session, editor);
    return undefined;
  };
  const onServer = (f: (origin: string) => unknown): (() => unknown) => async () => {
    const origin = rooms.current?.origin ?? (await sharing.server());
    return origin === undefined ? undefined : f(origin);
  };
  const commands: Record<string, (...args: never[]) => unknown> = {
    openRoom: () => opener.ask(),
    openLink: (link: string) => opener.link(link),
    myRooms: onServer((origin) => opener.mine(origin)),
    newRoom: () => sharing.empty(),
    signIn: onServer((origin) => accounts.signIn(origin).then((done) => done && rooms.all.forEach((session) => session.origin === origin && session.client.signedIn()))),
    signOut: onServer((origin) => accounts.signOut(origin)),
    shareFolder: async (uri?: vscode.Uri) => {
      const folder = uri ?? (await pickFolder());
      if (folder !== undefined) await sharing.folder(folder);
    },
    shareSelection: () => (window.activeTextEditor === undefined ? undefined : sharing.selection(window.activeTextEditor)),
    writeBack: inRoom((session) => sharing.back(session)),
    copyLink: inRoom(async (session) => {
      await vscode.env.clipboard.writeText(shareLink(session));
      void window.setStatusBarMessage(vscode.l10n.t("The link is copied: whoever has it comes in."), 4000);
    }),
    openInBrowser: inRoom((session) => vscode.env.openExternal(vscode.Uri.parse(shareLink(session), true))),
    history: inRoom((session) => {
      const { save } = session.view;
      const version = save.kind === "saved" ? save.version : undefined;
      return vscode.env.openExternal(vscode.Uri.parse(shareLink(session, version), true));
    }),
    run: inRoom((session) => runs.run(session, window.activeTextEditor?.document.uri)),
    stop: inRoom((session) => runs.stop(session)),
    showOutput: inRoom((session) => runs.show(session)),
    hint: inEditor((session, editor) => hints.ask(session, editor, "hint")),
    explainError: inEditor((session, editor) => hints.ask(session, editor, "error")),
    explain: inEditor((session, editor) => hints.ask(session, editor, "explain")),
    undo: inEditor((session, editor) => session.step(editor, "undo")),
    redo: inEditor((session, editor) => session.step(editor, "redo")),
    jumpTo: (item?: Item) => person(rooms, item, (session, peer) => follow.jump(session, peer)),
    follow: (item?: Item) => person(rooms, item, (session, peer) => follow.start(session, peer)),
    unfollow: () => follow.stop(),
    bring: inRoom((session) => session.client.bring()),
    recovered: inRoom((session) => troubles.recovered(session)),
    reconnect: inRoom((session) => session.client.reconnectNow()),
    roomMenu: () => vscode.commands.executeCommand("workbench.action.quickOpen", ">CodeCollab: "),
    leave: inRoom((session) => leave(rooms, sharing, session)),
  };
  for (const [name, f] of Object.entries(commands)) {
    context.subscriptions.push(vscode.commands.registerCommand(`codecollab.${name}`, (...args: never[]) => guarded(() => f(...args))));
  }
  for (const { uri } of workspace.workspaceFolders ?? []) if (uri.scheme === "codecollab") void rooms.of(uri).catch((error: unknown) => log.error(String(error)));
  log.info(`started in ${(performance.now() - began).toFixed(1)} ms`);
}

/** Ends it; what is not sent is written to the disk first. */
export function end(): Promise<void> {
  return ending?.() ?? Promise.resolve();
}

/** What fails is said to the user. */
async function guarded(f: () => unknown): Promise<void> {
  try {
    await f();
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}

async function bind(rooms: Rooms, document: vscode.TextDocument): Promise<void> {
  if (document.uri.scheme !== "codecollab") return;
  const session = rooms.at(document.uri);
  if (session === undefined) return;
  await session.ready().catch(() => undefined);
  if (!document.isClosed) session.bind(document);
}

async function pickFolder(): Promise<vscode.Uri | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme !== "codecollab");
  if (folders.length === 1) return folders[0]?.uri;
  if (folders.length > 1) return (await vscode.window.showWorkspaceFolderPick())?.uri;
  return (await vscode.window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false }))?.[0];
}

async function person(rooms: Rooms, item: Item | undefined, f: (session: Session, peer: NonNullable<Item["peer"]>) => Promise<void>): Promise<void> {
  if (item?.peer !== undefined) {
    // The item is as old as the list: where they are now counts.
    const now = item.session.view.peers.find(({ session }) => session === item.peer?.session);
    if (now !== undefined) await f(item.session, now);
    return;
  }
  const session = rooms.current;
  const others = session?.view.peers.filter(({ me }) => !me) ?? [];
  if (session === undefined || others.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("Nobody else is here."));
    return;
  }
  const [only, ...more] = others;
  const chosen = more.length === 0 ? only : (await vscode.window.showQuickPick(others.map((peer) => ({ label: peer.name, peer }))))?.peer;
  if (chosen !== undefined) await f(session, chosen);
}

async function leave(rooms: Rooms, sharing: Sharing, session: Session): Promise<void> {
  if (sharing.isShared(session)) {
    const write = vscode.l10n.t("Write it back");
    const go = vscode.l10n.t("Leave");
    const said = await vscode.window.showInformationMessage(vscode.l10n.t("This room was made from a folder of yours. Write its files back first?"), { modal: true }, write, go);
    if (said === undefined) return;
    if (said === write) await sharing.back(session);
  }
  const folders = vscode.workspace.workspaceFolders ?? [];
  const index = folders.findIndex(({ uri }) => uri.toString() === session.uri.toString());
  await rooms.close(session);
  if (folders.length === 1 && index === 0) await vscode.commands.executeCommand("workbench.action.closeFolder");
  else if (index >= 0) vscode.workspace.updateWorkspaceFolders(index, 1);
}
