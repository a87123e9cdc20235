import type { Peer, RoomView } from "@codecollab/client";
import { Store } from "../../lib/store";
import { words } from "../../words";
import type { Notes } from "../status/notes";

/** What following and going to people needs of the page. */
export interface Screen {
  /** The file that is shown. */
  readonly file: Store<string | undefined>;
  readonly notes: Notes;
  readonly editor: {
    reveal(position: number, top: number | undefined): void;
    caret(): number;
    topLine(): number;
    line(file: string, position: number): number;
  };
  jump(file: string, position: number): void;
}

/** Whom this page follows: somebody's tab, which keeps its client id when it is loaded again. */
export type Followed = { readonly client: string; readonly name: string; readonly color: number };

/** A tab that is loaded again is away for a moment: so long it is waited for, in milliseconds. */
const patience = 8000;

/** The dialogs of people: shown, they are loaded. */
export type Asking = { readonly kind: "share" } | { readonly kind: "remove"; readonly person: string; readonly name: string };

/** What this page's person does with others: follow them, call them, and, as an owner, more. */
export class People {
  readonly following = new Store<Followed | undefined>(undefined);
  readonly asking = new Store<Asking | undefined>(undefined);
  private view: RoomView | undefined;
  private missed: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly screen: Screen) {}

  /** Compares the room with how it was. */
  see(view: RoomView): void {
    const before = this.view;
    this.view = view;
    if (before?.peers !== view.peers) this.keepUp();
    if (before !== undefined && before.knocks !== view.knocks) this.tellKnocks(before, view);
    if (before?.role !== undefined && before.status === "ready") this.tellMine(before, view);
  }

  /** Listens for what ends following, and tells where this page looks; the answers end it. */
  listen(tellTop: (line: number) => void): readonly (() => void)[] {
    let due = false;
    const scrolled = (event: Event): void => {
      if (due || !(event.target instanceof Element) || !event.target.classList.contains("cm-scroller")) return;
      due = true;
      requestAnimationFrame(() => {
        due = false;
        tellTop(this.screen.editor.topLine());
      });
    };
    return [
      on("keydown", (event) => this.pressed(event as KeyboardEvent)),
      on("pointerdown", ({ target }) => this.moved(target)),
      on("wheel", ({ target }) => this.moved(target)),
      on("touchmove", ({ target }) => this.moved(target)),
      on("scroll", scrolled),
    ];
  }

  /** Ends what waits. */
  close(): void {
    clearTimeout(this.missed);
  }

  /** Goes where somebody goes, until something is done in the editor. */
  follow({ client, name, color }: Peer): void {
    this.following.set({ client, name, color });
    this.keepUp();
  }

  /** Follows nobody any more. */
  release(): void {
    clearTimeout(this.missed);
    this.missed = undefined;
    this.following.set(undefined);
  }

  /** A key was pressed: those for the editor and Escape end following. */
  pressed(event: Pick<KeyboardEvent, "key" | "target">): void {
    if (this.following.get() === undefined || ["Control", "Shift", "Alt", "Meta"].includes(event.key)) return;
    if (event.key === "Escape" || inEditor(event.target)) this.release();
  }

  /** The pointer or the wheel took the editor somewhere else. */
  moved(target: EventTarget | null): void {
    if (this.following.get() !== undefined && inEditor(target)) this.release();
  }

  /** Somebody asks everybody to come: an offer, and then one to come back. */
  brought(session: string): void {
    const w = words.get().people;
    const peer = this.view?.peers.find((p) => p.session === session);
    if (peer === undefined || peer.me || peer.file === undefined) return;
    const { file, name } = peer;
    const title = this.view?.files.find(({ id }) => id === file)?.name;
    if (title === undefined) return;
    const place = w.place(title, this.screen.editor.line(file, peer.head));
    this.screen.notes.offer(w.bring.asks(name, place), { words: w.bring.go, take: () => this.go(peer) });
  }

  private go(called: Peer): void {
    const w = words.get().people;
    const { screen } = this;
    const now = this.view?.peers.find((p) => p.client === called.client) ?? called;
    const from = screen.file.get();
    const position = screen.editor.caret();
    screen.jump(now.file ?? called.file ?? "", now.head);
    if (from === undefined) return;
    screen.notes.offer(w.bring.there(now.name), { words: w.bring.back, take: () => screen.jump(from, position) });
  }

  /** Shows what the one who is followed sees. */
  private keepUp(): void {
    const followed = this.following.get();
    if (followed === undefined) return;
    const peer = this.view?.peers.find((p) => p.client === followed.client && !p.me);
    if (peer === undefined) {
      this.missed ??= setTimeout(() => {
        this.release();
        this.screen.notes.info(words.get().people.follow.gone(followed.name));
      }, patience);
      return;
    }
    clearTimeout(this.missed);
    this.missed = undefined;
    const { name, color, file, head, top } = peer;
    if (name !== followed.name || color !== followed.color) this.following.set({ client: peer.client, name, color });
    if (file === undefined) return;
    const { screen } = this;
    if (screen.file.get() === file) {
      screen.editor.reveal(head, top);
      return;
    }
    screen.file.set(file);
    // The pane shows the file when it has rendered.
    requestAnimationFrame(() => {
      if (this.following.get()?.client === peer.client) screen.editor.reveal(head, top);
    });
  }

  /** Says, to owners, that somebody waits to come in. */
  private tellKnocks(before: RoomView, view: RoomView): void {
    const w = words.get().people.knocks;
    const fresh = view.knocks.filter(({ person }) => !before.knocks.some((k) => k.person === person));
    const first = fresh[0];
    if (first === undefined) return;
    this.screen.notes.offer(fresh.length === 1 ? w.one(first.name) : w.many(fresh.length), {
      words: w.show,
      take: () => this.asking.set({ kind: "share" }),
    });
  }

  /** Says what has changed for this page's person. */
  private tellMine(before: RoomView, view: RoomView): void {
    const { mine } = words.get().people;
    if (before.role !== view.role && view.role !== undefined && view.role !== "removed") this.screen.notes.info(mine[view.role]);
    else if (before.locked !== view.locked && view.role !== "viewer" && view.role !== "owner") {
      this.screen.notes.info(view.locked ? mine.locked : mine.unlocked);
    }
  }
}

function on(type: string, f: (event: Event) => void): () => void {
  document.addEventListener(type, f, { capture: true, passive: true });
  return () => document.removeEventListener(type, f, { capture: true });
}

function inEditor(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof Element && target.closest(".editor-place") !== null);
}
