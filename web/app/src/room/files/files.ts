import type { RoomClient } from "@codecollab/client";
import { Store } from "../../lib/store";
import { words } from "../../words";
import type { EditorHost } from "../editor/editor-host";
import type { Notes } from "../status/notes";
import { nameProblem } from "./names";
import type * as transfer from "./transfer";
import { OpenFiles } from "./open-files";
import { canMove, movedInto, moveFolder, type Move } from "./paths";

/** A question that is on the screen. Paths of folders end with "/". */
export type Question =
  | { readonly what: "create" | "folder"; readonly in: string }
  | { readonly what: "rename" | "delete"; readonly path: string };

/** What came with a drop or a choice of files: files of the computer, and folders where the browser tells of them. */
export type Dropped = readonly (File | FileSystemEntry)[];

/** What can be done with the files of a room. The rarer parts are loaded when they are needed. */
export class Files {
  readonly tabs: OpenFiles;
  readonly question = new Store<Question | undefined>(undefined);
  /** Counts how often the search has been asked for, so that its field takes the focus each time. */
  readonly searches = new Store(0);

  constructor(
    room: string,
    readonly client: RoomClient,
    readonly shown: Store<string | undefined>,
    private readonly editor: EditorHost,
    readonly notes: Notes,
  ) {
    this.tabs = new OpenFiles(room, shown);
  }

  /** The name of the shown file. */
  name(): string | undefined {
    return this.client.view().files.find(({ id }) => id === this.shown.get())?.name;
  }

  /** Adds a file and shows it. */
  create(name: string, text = ""): void {
    const file = this.client.createFile(name, text);
    if (this.client.view().refusal !== undefined) return; // which the client has told
    this.shown.set(file);
    requestAnimationFrame(() => this.editor.focus());
  }

  /** Gives files other paths; none of them where one cannot be had, which is told. */
  move(moves: readonly Move[]): void {
    const moving = new Set(moves.map(({ id }) => id));
    const others = this.client.view().files.filter(({ id }) => !moving.has(id));
    const taken = others.map(({ name }) => name);
    const problem = moves.map(({ name }) => nameProblem(name, taken)).find((wrong) => wrong !== undefined);
    if (problem !== undefined) this.notes.error(problem);
    else for (const { id, name } of moves) this.client.renameFile(id, name);
  }

  /** Puts a file or a folder into a folder. */
  moveInto(path: string, folder: string): void {
    if (!canMove(path, folder)) return;
    const { files } = this.client.view();
    const to = movedInto(path, folder);
    this.move(path.endsWith("/") ? moveFolder(files, path, to) : files.filter(({ name }) => name === path).map(({ id }) => ({ id, name: to })));
  }

  /** Deletes files, and offers to bring them back. */
  remove(ids: readonly string[]): void {
    const { files: said } = words.get();
    const gone = this.client
      .view()
      .files.filter(({ id }) => ids.includes(id))
      .map(({ id, name }) => ({ id, name, text: this.client.text(id).toString() }));
    for (const { id } of gone) this.client.deleteFile(id);
    const [only, ...others] = gone;
    if (only === undefined) return;
    this.notes.offer(others.length === 0 ? said.removed(only.name) : said.removedMany(gone.length), {
      words: said.bringBack,
      take: () => void this.later((m) => gone.forEach(({ name, text }) => m.add(this.client, name, text))),
    });
  }

  /** Adds files from this computer, below a folder. */
  upload(dropped: Dropped, folder: string): void {
    void this.later((m) => m.upload(this, dropped, folder));
  }

  /** Lets the user choose files or a folder of this computer, and adds them. */
  choose(what: "files" | "folder", folder = ""): void {
    const field = document.createElement("input");
    field.type = "file";
    field.multiple = true;
    field.webkitdirectory = what === "folder";
    field.addEventListener("change", () => this.upload([...(field.files ?? [])], folder));
    field.click();
  }

  /** Saves one file on this computer. */
  download(id: string | undefined): void {
    void this.later((m) => m.downloadFile(this.client, id));
  }

  /** Saves all of them as a zip file, or those below a folder. */
  downloadAll(folder = ""): void {
    void this.later((m) => m.downloadAll(this.client, folder));
  }

  /** Loads what is needed to download, while there is a connection. */
  prepare(): void {
    void import("./transfer").catch(() => undefined);
  }

  private async later(f: (module: typeof transfer) => unknown): Promise<void> {
    try {
      await f(await import("./transfer"));
    } catch {
      this.notes.error(words.get().files.failed);
    }
  }
}
