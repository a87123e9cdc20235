import type { RoomClient } from "@codecollab/client";
import { ApiError, formatSource } from "../../lib/api";
import { catalogue, languageOf } from "../../lib/languages";
import { Store } from "../../lib/store";
import { words } from "../../words";
import type { Notes } from "../status/notes";
import { changesTo, over } from "./changes-to";
import type { EditorHost } from "./editor-host";
import { formatProblem } from "./format-words";
import { kindOf } from "./modes";

/** Has the files of a room formatted on the server, and applies what comes back as an edit of this user's. */
export class Formatting {
  /** Set while an answer is waited for. */
  readonly busy = new Store(false);

  constructor(
    private readonly client: RoomClient,
    private readonly editor: EditorHost,
    private readonly notes: Notes,
    private readonly room: string,
  ) {}

  /** Formats a file. */
  async format(file: string | undefined): Promise<void> {
    const view = this.client.view();
    const name = view.files.find(({ id }) => id === file)?.name;
    if (file === undefined || name === undefined || this.busy.get()) return;
    const w = words.get().frame.said;
    const { list } = catalogue.get();
    const language = languageOf(name, list, view.language);
    if (language === undefined || !language.formats) {
      this.notes.info(w.noFormatter(language === undefined ? w.thisKind : kindOf(name, list, view.language)));
      return;
    }
    if (view.connection !== "online") {
      this.notes.info(w.noFormat);
      return;
    }
    this.busy.set(true);
    const before = this.client.text(file);
    const meanwhile = this.editor.follow(file);
    try {
      const text = await formatSource(this.room, { language: language.id, name, content: before.toString() });
      const changes = await changesTo(before, text.replace(/\r\n?/g, "\n"));
      this.apply(file, name, over(changes, meanwhile.changes()));
    } catch (error) {
      this.tell(file, name, error);
    } finally {
      meanwhile.end();
      this.busy.set(false);
    }
  }

  private apply(file: string, name: string, changes: ReturnType<typeof over>): void {
    if (!this.client.view().files.some(({ id }) => id === file)) return;
    if (changes === undefined) {
      this.notes.info(words.get().frame.said.changedMeanwhile(name));
    } else if (changes.empty) {
      this.notes.info(words.get().frame.said.formattedAlready(name));
    } else if (this.editor.edit(file, changes, "input.format")) {
      this.notes.info(words.get().frame.said.formatted(name));
    }
  }

  private tell(file: string, name: string, error: unknown): void {
    const w = words.get().frame.said;
    if (!(error instanceof ApiError)) {
      this.notes.error(w.formatFailed(name));
    } else if (error.code !== "not_formatted") {
      this.notes.error(error.message);
    } else {
      const { line, column, words: why } = formatProblem(error.message);
      this.notes.error(line === undefined ? w.notFormatted(why) : w.notFormattedAt(name, line, why));
      if (line !== undefined) {
        this.editor.mark(file, [{ line, message: why, warning: false, ...(column === undefined ? {} : { column }) }]);
      }
    }
  }
}
