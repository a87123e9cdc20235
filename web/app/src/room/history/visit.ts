import { Store } from "../../lib/store";
import { showMoment } from "../../lib/fragment";
import type { RoomSession } from "../session";
import { HistoryApi } from "./api";
import type { PastFile } from "./moment";
import { frames, Player } from "./player";
import { restoreVersion } from "./restoring";

/** How the text of a moment is shown. */
export type Mode = "text" | "blame" | "diff";

/** A moment that others are compared with. */
export type Marked = { readonly version: number; readonly files: readonly PastFile[] };

/** One look into the history: the player, and what of it is on the screen. */
export class Visit {
  readonly api: HistoryApi;
  readonly player: Player;
  readonly mode = new Store<Mode>("text");
  /** The file that was chosen; another one is shown while it is not there. */
  readonly file: Store<string | undefined>;
  /** Whether the file that changes is the one that is shown. */
  readonly follow = new Store(true);
  /** What the moment is compared with; undefined: the files as they are now. */
  readonly marked = new Store<Marked | undefined>(undefined);
  private readonly ends: (() => void)[] = [];
  private address: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly session: RoomSession) {
    this.api = new HistoryApi(session.room);
    this.player = new Player(this.api, frames);
    this.file = new Store(session.file.get());
    this.ends.push(this.player.state.subscribe(() => this.moved()));
  }

  /** The file of a moment that is to be seen. */
  shownFile(): PastFile | undefined {
    const { shown } = this.player.state.get();
    if (shown === undefined) return undefined;
    const wanted = this.file.get();
    return shown.files.find(({ id }) => id === wanted) ?? shown.files[0];
  }

  /** Chooses a file, and stays with it. */
  choose(file: string): void {
    this.follow.set(false);
    this.file.set(file);
  }

  /** Keeps the moment to compare others with. */
  mark(): void {
    const { shown } = this.player.state.get();
    if (shown !== undefined) this.marked.set({ version: shown.version, files: shown.files });
  }

  /** The files as they are now. */
  now(): readonly PastFile[] {
    const { client } = this.session;
    return client.view().files.map(({ id, name }) => ({ id, name, text: client.text(id) }));
  }

  /** Makes the room's files what they were at the moment, and goes back to the editor. */
  async restore(): Promise<void> {
    const { shown } = this.player.state.get();
    if (shown === undefined) return;
    await restoreVersion(this.session, shown.version, shown.files);
    this.session.layout.showMain(undefined);
  }

  /** Leaves the history. */
  close(): void {
    clearTimeout(this.address);
    for (const end of this.ends) end();
    this.player.close();
    showMoment(undefined);
  }

  private moved(): void {
    const { shown, playing } = this.player.state.get();
    const changed = shown?.fresh.at(-1)?.file;
    if (playing && this.follow.get() && changed !== undefined) this.file.set(changed);
    clearTimeout(this.address);
    if (shown === undefined || playing) return;
    this.address = setTimeout(() => showMoment(shown.version), 300);
  }
}
