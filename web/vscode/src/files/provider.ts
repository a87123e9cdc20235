import * as vscode from "vscode";
import { differ } from "../core/differ";
import { textOf } from "../core/places";
import type { Rooms } from "../room/rooms";
import type { Session } from "../room/session";
import { phrases } from "../room/words";

/**
 * Settings of the folder that a room is. What is typed is in the room at once: VS Code is told to "save" by itself soon after, so that no
 * file looks unsaved, and to change nothing of the text while it does. Rooms have no files of that folder: settings that others write
 * must not become this user's.
 */
const settings = {
  "files.autoSave": "afterDelay",
  "files.autoSaveDelay": 400,
  "files.eol": "\n",
  "files.encoding": "utf8",
  "files.insertFinalNewline": false,
  "files.trimFinalNewlines": false,
  "files.trimTrailingWhitespace": false,
  "editor.formatOnSave": false,
  "editor.codeActionsOnSave": {},
};
const settingsName = ".vscode/settings.json";
const settingsText = new TextEncoder().encode(`${JSON.stringify(settings, undefined, 2)}\n`);

/** How often a file that no document is bound to is told to have changed, in milliseconds. */
const pause = 100;

const { FileSystemError, FileType, FilePermission, FileChangeType } = vscode;

/** Names that are not shown: they would be settings, tasks and programs of the one who looks. */
export function isHidden(name: string): boolean {
  return name === ".vscode" || name.startsWith(".vscode/") || name.endsWith(".code-workspace") || name === ".devcontainer" || name.startsWith(".devcontainer/");
}

/** The files of rooms, as folders of VS Code: `codecollab://SERVER/ROOM/NAME`. */
export class RoomFiles implements vscode.FileSystemProvider {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changes.event;
  /** Folders without files, which rooms do not have: they last until the window is closed. */
  private readonly folders = new Set<string>();
  private readonly known = new Map<Session, { list: readonly unknown[]; files: Map<string, string>; editable: boolean }>();
  /** When files changed that no document is bound to; those of documents never do, so that VS Code does not read them again. */
  private readonly times = new Map<string, number>();
  private readonly waiting = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly started = Date.now();

  constructor(private readonly rooms: Rooms) {
    rooms.onOpen((session) => {
      session.onChange(() => this.see(session));
      session.onEdit((file) => this.edited(session, file));
    });
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const session = await this.session(uri);
    const name = session.nameOf(uri) ?? "";
    if (name === settingsName) return { type: FileType.File, ctime: 0, mtime: 0, size: settingsText.length, permissions: FilePermission.Readonly };
    const file = isHidden(name) ? undefined : session.fileOf(uri);
    if (file !== undefined) {
      const size = new TextEncoder().encode(session.client.text(file.id).toString()).length;
      return { type: FileType.File, ctime: this.started, mtime: this.times.get(file.id) ?? this.started, size, ...(session.document(file.id)?.isDirty === true ? {} : readOnly(session)) };
    }
    if (name === ".vscode" || this.isFolder(session, name)) return { type: FileType.Directory, ctime: this.started, mtime: this.started, size: 0, ...readOnly(session) };
    throw FileSystemError.FileNotFound(uri);
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const session = await this.session(uri);
    const name = session.nameOf(uri) ?? "";
    if (name === ".vscode") return [["settings.json", FileType.File]];
    if (!this.isFolder(session, name)) throw FileSystemError.FileNotFound(uri);
    const start = name === "" ? "" : `${name}/`;
    const found = new Map<string, vscode.FileType>();
    for (const { name: full } of session.view.files) {
      if (!full.startsWith(start) || isHidden(full)) continue;
      const [first = "", ...rest] = full.slice(start.length).split("/");
      found.set(first, rest.length === 0 ? FileType.File : FileType.Directory);
    }
    for (const folder of this.folders) {
      const full = session.nameOf(vscode.Uri.parse(folder));
      const rest = full?.startsWith(start) === true ? full.slice(start.length) : "";
      if (rest !== "") found.set(rest.split("/")[0] ?? "", FileType.Directory);
    }
    return [...found];
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const session = await this.session(uri);
    if (session.nameOf(uri) === settingsName) return settingsText;
    const file = session.fileOf(uri);
    if (file === undefined || isHidden(file.name)) throw FileSystemError.FileNotFound(uri);
    return new TextEncoder().encode(session.client.text(file.id).toString().replaceAll("\r", "\n"));
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array, options: { create: boolean; overwrite: boolean }): Promise<void> {
    const session = await this.session(uri);
    const name = session.nameOf(uri) ?? "";
    const file = session.fileOf(uri);
    // What VS Code saves of a document came to the room key by key, and others may have gone on since.
    const bound = file === undefined ? undefined : session.document(file.id);
    if (bound !== undefined && (bound.isDirty || bound.getText().replace(/\r\n?/g, "\n") === new TextDecoder().decode(content).replace(/\r\n?/g, "\n"))) return;
    this.check(session, uri);
    const text = decode(content, uri);
    if (file === undefined) {
      if (!options.create) throw FileSystemError.FileNotFound(uri);
      const { limits } = session.view;
      if (limits !== undefined) fits(baseOf(uri), text, limits);
      if (limits !== undefined && session.view.files.length >= limits.files) throw new FileSystemError(vscode.l10n.t("The room has {0} files, and there may be no more.", limits.files));
      session.client.createFile(name, text);
      this.folders.delete(uri.with({ path: uri.path.slice(0, uri.path.lastIndexOf("/")) }).toString());
      return;
    }
    if (options.create && !options.overwrite) throw FileSystemError.FileExists(uri);
    const before = session.client.text(file.id);
    const changes = differ(before, textOf(text));
    const allowed = session.client.canEdit(file.id, changes);
    if (!allowed.ok) throw new FileSystemError(allowed.message);
    // The document that shows the file, if there is one, is brought to it as to everybody else's changes.
    session.client.edit(file.id, changes);
    if (bound !== undefined) session.bindAgain(file.id);
    else this.touch(uri, file.id);
  }

  async rename(from: vscode.Uri, to: vscode.Uri, options: { overwrite: boolean }): Promise<void> {
    const session = await this.session(from);
    const target = session.nameOf(to);
    if (target === undefined) throw FileSystemError.Unavailable(vscode.l10n.t("A file can be moved within its room only. Copy it instead."));
    this.check(session, to);
    const taken = session.fileOf(to);
    if (taken !== undefined && !options.overwrite) throw FileSystemError.FileExists(to);
    const source = session.nameOf(from) ?? "";
    const file = session.fileOf(from);
    const moved = file === undefined ? session.view.files.filter(({ name }) => name.startsWith(`${source}/`)) : [file];
    if (moved.length === 0 && !this.folders.delete(from.toString())) throw FileSystemError.FileNotFound(from);
    if (moved.length === 0) this.folders.add(to.toString());
    if (taken !== undefined) session.client.deleteFile(taken.id);
    for (const one of moved) session.client.renameFile(one.id, `${target}${one.name.slice(source.length)}`);
    await this.until(session, () => moved.every(({ id, name }) => session.view.files.some((f) => f.id === id && f.name === `${target}${name.slice(source.length)}`)));
  }

  async delete(uri: vscode.Uri): Promise<void> {
    const session = await this.session(uri);
    const name = session.nameOf(uri) ?? "";
    if (name === "") throw FileSystemError.NoPermissions(vscode.l10n.t("A room is deleted on its page, by an owner."));
    this.check(session, uri);
    const gone = session.view.files.filter((file) => file.name === name || file.name.startsWith(`${name}/`));
    const folder = this.folders.delete(uri.toString());
    if (gone.length === 0 && !folder) throw FileSystemError.FileNotFound(uri);
    for (const { id } of gone) session.client.deleteFile(id);
    await this.until(session, () => gone.every(({ id }) => !session.view.files.some((f) => f.id === id)));
  }

  async createDirectory(uri: vscode.Uri): Promise<void> {
    const session = await this.session(uri);
    this.check(session, uri);
    this.folders.add(uri.toString());
    this.changes.fire([{ type: FileChangeType.Created, uri }]);
  }

  private async session(uri: vscode.Uri): Promise<Session> {
    let session: Session;
    try {
      session = await this.rooms.of(uri);
      await session.ready();
    } catch (error) {
      throw FileSystemError.Unavailable(error instanceof Error ? error.message : String(error));
    }
    return session;
  }

  private isFolder(session: Session, name: string): boolean {
    if (name === "") return true;
    return session.view.files.some((file) => file.name.startsWith(`${name}/`) && !isHidden(file.name)) || this.folders.has(session.uriOf(name).toString());
  }

  private check(session: Session, uri: vscode.Uri): void {
    if (isHidden(session.nameOf(uri) ?? "")) throw FileSystemError.NoPermissions(vscode.l10n.t("Files of this name are settings and programs of VS Code: they stay out of rooms."));
    const { refusal } = session.view;
    if (refusal === "locked") throw FileSystemError.NoPermissions(vscode.l10n.t("An owner has locked this room: for now, only owners can change it."));
    if (refusal !== undefined) throw FileSystemError.NoPermissions(vscode.l10n.t("You may look at this room, and not change it."));
  }

  /** Waits until the room has done what it was asked, or has said why not; without a connection it is done later. */
  private async until(session: Session, done: () => boolean): Promise<void> {
    const first = session.view.notices.at(-1)?.id ?? 0;
    for (let n = 0; n < 100 && !done() && session.view.connection === "online"; n++) {
      const notice = session.view.notices.find(({ id }) => id > first);
      if (notice !== undefined) throw new FileSystemError(notice.text);
      await new Promise((go) => setTimeout(go, 30));
    }
  }

  private edited(session: Session, file: string): void {
    const known = session.view.files.find(({ id }) => id === file);
    if (known === undefined || session.binding(file) !== undefined || this.waiting.has(file)) return;
    // Not for each key: the file is read again, as a whole.
    const timer = setTimeout(() => {
      this.waiting.delete(file);
      this.touch(session.uriOf(known.name), file);
    }, pause);
    this.waiting.set(file, timer);
  }

  /** A document was saved: whether it may be written is asked again, which is not done while it looks unsaved. */
  saved(document: vscode.TextDocument): void {
    const session = this.rooms.at(document.uri);
    const file = session?.fileOf(document.uri);
    if (file !== undefined && session?.view.refusal !== undefined) this.touch(document.uri, file.id);
  }

  private touch(uri: vscode.Uri, file: string): void {
    this.times.set(file, Date.now());
    this.changes.fire([{ type: FileChangeType.Changed, uri }]);
  }

  /** Tells what is new among the files of a room. */
  private see(session: Session): void {
    if (session.view.status === "loading") return;
    // Most changes of a room are keys, and not files: this is on their way.
    const editable = session.view.refusal === undefined;
    const known = this.known.get(session);
    if (known?.list === session.view.files && known.editable === editable) return;
    const now = new Map(session.view.files.filter(({ name }) => !isHidden(name)).map(({ id, name }) => [id, name]));
    const before = known;
    this.known.set(session, { list: session.view.files, files: now, editable });
    if (before === undefined) return;
    const events: vscode.FileChangeEvent[] = [];
    for (const [id, name] of before.files) if (now.get(id) !== name) events.push({ type: FileChangeType.Deleted, uri: session.uriOf(name) });
    for (const [id, name] of now) if (before.files.get(id) !== name) events.push({ type: FileChangeType.Created, uri: session.uriOf(name) });
    // Whether a file may be written is asked again when it has changed.
    if (before.editable !== editable) {
      for (const [id, name] of now) {
        this.times.set(id, Date.now());
        events.push({ type: FileChangeType.Changed, uri: session.uriOf(name) });
      }
    }
    if (events.length > 0) this.changes.fire(events);
  }
}

function readOnly(session: Session): { readonly permissions?: vscode.FilePermission } {
  const { refusal, status } = session.view;
  return refusal === undefined && status !== "refused" && status !== "missing" ? {} : { permissions: FilePermission.Readonly };
}

function baseOf(uri: vscode.Uri): string {
  return uri.path.split("/").at(-1) ?? "";
}

/** Throws what is wrong when a new file is longer than the room or one message takes. A message holds it as JSON. */
function fits(name: string, text: string, { file_units, batch_bytes }: { readonly file_units: number; readonly batch_bytes: number }): void {
  const { t } = vscode.l10n;
  const { number } = phrases();
  if (text.length > file_units) throw new FileSystemError(t("{0} has {1} characters; a file of this room has at most {2}. Leave it out, or split it.", name, number(text.length), number(file_units)));
  const most = Math.floor(batch_bytes * 0.9);
  const bytes = new TextEncoder().encode(JSON.stringify(text)).length;
  if (bytes > most) throw new FileSystemError(t("{0} has {1} bytes; at most {2} can be sent at once. Leave it out, or split it.", name, number(bytes), number(most)));
}

function decode(content: Uint8Array, uri: vscode.Uri): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(content);
    if (!text.includes("\0")) return text.replace(/\r\n?/g, "\n");
  } catch {
    // said below
  }
  throw new FileSystemError(vscode.l10n.t("{0} is not text in UTF-8, and rooms hold text only: it was not taken. Leave it out, or save it as UTF-8 first.", baseOf(uri)));
}
