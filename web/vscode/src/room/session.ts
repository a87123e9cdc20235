import { httpProbe, RoomClient, type ClientFile, type RoomView } from "@codecollab/client";
import * as vscode from "vscode";
import type { Platform, Store } from "../platform";
import { authorityOf } from "../server/address";
import { unreachable, type Api, type Language } from "../server/api";
import { Binding, type DocumentEvent } from "../core/binding";
import { placeOf, replacementsOf } from "../core/places";
import { FileOutbox } from "./outbox";
import { phrases } from "./words";

/** What a session is made from. */
export type SessionOptions = {
  readonly api: Api;
  readonly room: string;
  readonly key?: string;
  readonly name: string;
  readonly color: number;
  readonly platform: Platform;
  readonly storage: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
};

/** How long a room may take to come before whoever opens a file of it is told, in milliseconds. */
const patience = 20_000;

/** A room that is open in this window: its client, and the documents that are bound to its files. */
export class Session {
  readonly client: RoomClient;
  readonly uri: vscode.Uri;
  private readonly bindings = new Map<string, Binding>();
  private readonly documents = new Map<string, vscode.TextDocument>();
  private readonly changes = new vscode.EventEmitter<RoomView>();
  private readonly edits = new vscode.EventEmitter<string>();
  private readonly brought = new vscode.EventEmitter<string>();
  private readonly locks = new Map<string, () => void>();
  private readonly outbox: FileOutbox;
  private readonly watched = new Map<string, () => void>();
  private languages: Promise<readonly Language[]> | undefined;
  private readonly prefix: string;
  private readonly store: Store;
  private listed: readonly ClientFile[] = [];
  private editable = true;
  private closed = false;
  private keeping = false;
  private kept = ""; // what was unsent when it was written down last

  /** The view has changed. */
  readonly onChange = this.changes.event;
  /** The text of a file has changed, by its id. */
  readonly onEdit = this.edits.event;
  /** Somebody asks everybody to come; their session. */
  readonly onBring = this.brought.event;

  constructor(private readonly o: SessionOptions) {
    const { api, room, platform, log } = o;
    this.uri = vscode.Uri.from({ scheme: "codecollab", authority: authorityOf(api.origin), path: `/${room}` });
    this.prefix = `${authorityOf(api.origin)}.${room}`.replace(/[^\w.~-]/g, "_");
    this.store = platform.store(vscode.Uri.joinPath(o.storage, "rooms"));
    this.outbox = new FileOutbox(this.store, this.prefix);
    const path = `/api/v1/rooms/${encodeURIComponent(room)}`;
    this.client = new RoomClient({
      room,
      ...(o.key === undefined ? {} : { key: o.key }),
      name: o.name,
      color: o.color,
      outbox: this.outbox,
      acquireClientId: () => this.acquire(),
      onClientId: (id) => void this.lock(id),
      connect: (handlers) => platform.connect(api, path)(handlers),
      probe: httpProbe(api.origin, api.fetch),
      phrases,
      onBring: (session) => this.brought.fire(session),
      onReport: ({ kind, detail }) => log.warn(`${room}: ${kind}: ${detail}`),
    });
    this.client.subscribe(() => this.changed());
  }

  get api(): Api {
    return this.o.api;
  }

  get origin(): string {
    return this.o.api.origin;
  }

  get room(): string {
    return this.o.room;
  }

  get view(): RoomView {
    return this.client.view();
  }

  /** Whether all that is not sent is written down on this machine. Asking has it written; onChange tells when it is. */
  isKept(): boolean {
    const { save } = this.view;
    if (save.kind === "saved") return true;
    const unsent = `${save.characters} ${save.commands ?? 0}`;
    if (this.kept === unsent) return save.fleeting !== true;
    if (!this.keeping) {
      this.keeping = true;
      void this.client.flush().then(() => {
        this.keeping = false;
        this.kept = unsent;
        if (!this.closed) this.changes.fire(this.view);
      });
    }
    return false;
  }

  /** What requests carry for who has come by a link. */
  get keyHeader(): Record<string, string> {
    return this.o.key === undefined ? {} : { "x-room-key": this.o.key };
  }

  /** What people call the room. */
  get title(): string {
    return this.view.title === "" ? this.room : this.view.title;
  }

  /** Restores what was kept, and begins to connect. */
  start(): Promise<void> {
    return this.client.start();
  }

  /** Waits until the room's files are here. Throws when they do not come. */
  async ready(): Promise<void> {
    const ends = Date.now() + patience;
    while (!this.isLoaded()) {
      if (this.closed || ["refused", "missing"].includes(this.view.status)) throw new Error(this.view.error?.message ?? vscode.l10n.t("There is no room {0} at {1}. Ask for another link.", this.room, this.origin));
      if (Date.now() > ends) throw new Error(unreachable(this.origin));
      await new Promise<void>((go) => {
        const timer = setTimeout(done, 1000);
        const end = this.onChange(done);
        function done(): void {
          clearTimeout(timer);
          end.dispose();
          go();
        }
      });
    }
  }

  /** The URI of a file's name. */
  uriOf(name: string): vscode.Uri {
    return this.uri.with({ path: `/${this.room}/${name}` });
  }

  /** The file of a URI; undefined when there is none. */
  fileOf(uri: vscode.Uri): ClientFile | undefined {
    const name = this.nameOf(uri);
    return name === undefined ? undefined : this.view.files.find((file) => file.name === name);
  }

  /** The name that a URI has in the room; "" is the room itself, undefined another room. */
  nameOf(uri: vscode.Uri): string | undefined {
    if (uri.scheme !== "codecollab" || uri.authority !== this.uri.authority) return undefined;
    if (uri.path === this.uri.path || uri.path === `${this.uri.path}/`) return "";
    return uri.path.startsWith(`${this.uri.path}/`) ? uri.path.slice(this.uri.path.length + 1) : undefined;
  }

  /** The binding of a file that is open; undefined when it is not. */
  binding(file: string): Binding | undefined {
    return this.bindings.get(file);
  }

  /** The open document of a file. */
  document(file: string): vscode.TextDocument | undefined {
    return this.documents.get(file);
  }

  /** The languages of the server; asked for once. */
  catalogue(): Promise<readonly Language[]> {
    this.languages ??= this.api.languages().catch((error: unknown) => {
      this.languages = undefined;
      throw error;
    });
    return this.languages;
  }

  /** Keeps a document and its file the same from here on. */
  bind(document: vscode.TextDocument): void {
    const file = this.fileOf(document.uri);
    if (file === undefined || this.documents.get(file.id) === document) return;
    this.unbind(file.id);
    const { id, name } = file;
    const text = this.client.text(id).toString();
    const shown = document.getText().replace(/\r\n?/g, "\n");
    // Left from before this window was closed: all that was typed is in the room, but nobody can tell what else it is.
    if (document.isDirty && shown !== text) void this.keep(name, shown, vscode.l10n.t("VS Code had this text of the file from before."));
    this.documents.set(id, document);
    // VS Code applies no edit to what is read-only: such a document is read anew instead, whenever the room changes (see RoomFiles).
    if (this.view.refusal !== undefined) return;
    this.bindings.set(
      id,
      new Binding(this.client, id, new EditorDocument(document), {
        refused: (message, lost) => void this.refused(name, message, lost),
        report: (detail) => this.o.log.warn(`${this.room}: ${name}: ${detail}`),
      }),
    );
  }

  /** A document has changed. */
  documentChanged({ document, contentChanges, reason }: vscode.TextDocumentChangeEvent): void {
    // By the document, and not its name: somebody else may have given the file another one in this moment.
    const id = [...this.documents].find(([, bound]) => bound === document)?.[0];
    const binding = id === undefined ? undefined : this.bindings.get(id);
    if (binding === undefined || contentChanges.length === 0) return;
    const changes = contentChanges.map(({ range, text }) => ({ start: range.start, end: range.end, text }));
    const own = reason === vscode.TextDocumentChangeReason.Undo ? "undo" : reason === vscode.TextDocumentChangeReason.Redo ? "redo" : undefined;
    binding.event({ changes, ...(own === undefined ? {} : { reason: own }) } satisfies DocumentEvent);
  }

  /** A document is closed. */
  documentClosed(document: vscode.TextDocument): void {
    for (const [file, bound] of this.documents) if (bound === document) this.unbind(file);
  }

  /** The user's own last step in a document is taken back, or made again. */
  step(editor: vscode.TextEditor, which: "undo" | "redo"): void {
    const file = this.fileOf(editor.document.uri);
    const binding = file === undefined ? undefined : this.bindings.get(file.id);
    if (file === undefined || binding === undefined) return;
    const place = binding.step(which);
    if (place === undefined) return;
    const { line, character } = placeOf(this.client.text(file.id), place);
    const show = (): void => {
      const at = new vscode.Position(line, character);
      editor.selection = new vscode.Selection(at, at);
      editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    };
    const wait = (n: number): void => {
      if (binding.isSettled || n === 0) show();
      else setTimeout(() => wait(n - 1), 10);
    };
    wait(50);
  }

  /** Brings the document of a file to the room's text after something else than its editor has changed that. */
  bindAgain(file: string): void {
    const document = this.documents.get(file);
    this.unbind(file);
    if (document !== undefined) this.bind(document);
  }

  /** Keeps a text that has no place in the room, beside what was refused. */
  keep(name: string, text: string, reason: string): Promise<void> {
    if (text === "") return Promise.resolve();
    const id = Array.from(crypto.getRandomValues(new Uint8Array(10)), (b) => (b % 36).toString(36)).join("");
    return this.client.takeOver([{ id, file: "", name, text, at: Date.now(), reason }]);
  }

  /** Sends what windows that are gone have left unsent. */
  async rescue(): Promise<void> {
    for (const id of await this.outbox.unsent()) {
      if (this.closed) return;
      const release = this.locks.has(id) ? undefined : await this.o.platform.lock(this.folder(), `${this.prefix}.${id}`);
      if (release === undefined) continue;
      const helper = new RoomClient({
        room: this.room, name: this.o.name, color: this.o.color, outbox: this.outbox, clientId: id, phrases,
        connect: this.o.platform.connect(this.api, `/api/v1/rooms/${encodeURIComponent(this.room)}`),
        probe: httpProbe(this.api.origin, this.api.fetch),
      });
      await helper.start();
      for (let n = 0; n < 100 && helper.unsent() > 0 && !this.closed; n++) await new Promise((go) => setTimeout(go, 200));
      const { recovered } = helper.view();
      if (recovered.length > 0) await this.client.takeOver(recovered);
      const sent = helper.unsent() === 0;
      helper.close();
      if (sent) await this.outbox.clear(this.room, id);
      release();
    }
  }

  /** Ends it; what is not sent stays kept. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    for (const file of Array.from(this.documents.keys())) this.unbind(file);
    await this.client.flush();
    this.client.close();
    for (const release of this.locks.values()) release();
    for (const emitter of [this.changes, this.edits, this.brought]) emitter.dispose();
  }

  private isLoaded(): boolean {
    const { status, files } = this.view;
    return status === "ready" || files.length > 0;
  }

  private folder(): vscode.Uri {
    return vscode.Uri.joinPath(this.o.storage, "locks");
  }

  private async acquire(): Promise<string | undefined> {
    for (const id of await this.outbox.clients()) if (await this.lock(id)) return id;
    return undefined;
  }

  private async lock(id: string): Promise<boolean> {
    if (this.locks.has(id)) return true;
    const release = await this.o.platform.lock(this.folder(), `${this.prefix}.${id}`);
    if (release === undefined) return false;
    this.locks.set(id, release);
    return true;
  }

  private unbind(file: string): void {
    this.bindings.get(file)?.close();
    this.bindings.delete(file);
    this.documents.delete(file);
  }

  private changed(): void {
    if (this.closed) return;
    const { files, refusal } = this.view;
    if (files !== this.listed) this.list(files);
    if ((refusal === undefined) !== this.editable) {
      this.editable = refusal === undefined;
      for (const file of Array.from(this.documents.keys())) this.bindAgain(file); // which takes them out and puts them in again
    }
    this.changes.fire(this.view);
  }

  private list(files: readonly ClientFile[]): void {
    this.listed = files;
    const ids = new Set(files.map(({ id }) => id));
    for (const id of ids) if (!this.watched.has(id)) this.watched.set(id, this.client.onEdit(id, () => this.edits.fire(id)));
    for (const [id, end] of this.watched) {
      if (ids.has(id)) continue;
      end();
      this.watched.delete(id);
      this.unbind(id);
    }
  }

  private async refused(name: string, message: string, lost: string): Promise<void> {
    await this.keep(name, lost, message);
    const show = vscode.l10n.t("Show what was typed");
    const said = await vscode.window.showWarningMessage(message, ...(lost === "" ? [] : [show]));
    if (said === show) await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: lost }));
  }
}

/** A document of VS Code, for a binding. */
class EditorDocument {
  constructor(private readonly document: vscode.TextDocument) {}

  text(): string {
    return this.document.getText();
  }

  async apply(changes: Parameters<typeof replacementsOf>[1], before: Parameters<typeof replacementsOf>[0]): Promise<boolean> {
    const { document } = this;
    if (document.isClosed) return false;
    const { version } = document;
    const edits = replacementsOf(before, changes).map(({ start, end, text }) => ({ range: new vscode.Range(start.line, start.character, end.line, end.character), text }));
    // An editor that is seen takes an edit in a fraction of the time; one that is read-only takes none.
    const editor = vscode.window.visibleTextEditors.find((e) => e.document === document);
    const done = await editor?.edit((into) => edits.forEach(({ range, text }) => into.replace(range, text)), { undoStopBefore: true, undoStopAfter: true });
    if (done === true) return true;
    if (document.version !== version || document.isClosed) return false;
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits.map(({ range, text }) => vscode.TextEdit.replace(range, text)));
    return vscode.workspace.applyEdit(edit);
  }
}
