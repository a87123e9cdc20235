import type { ChatView, RoomClient, RoomView, wire } from "@codecollab/client";
import { fetchOfRoom } from "../../lib/room-fetch";
import { recall, remember } from "../../lib/storage";
import { Store } from "../../lib/store";
import { words } from "../../words";
import type { Layout } from "../layout";
import { markTitle } from "./title";

type Message = wire.ChatMessage;

/** Screen readers are told so much of a message that comes while the chat is not in view. */
const heardMost = 200;

/** What the page knows of a room's chat besides the messages: what is being written, what was read, and older pages. */
export class Chat {
  readonly draft: Store<string>;
  /** How many messages of others came that were not in view. */
  readonly unread = new Store(0);
  /** A message that came while the chat was not in view, for screen readers. */
  readonly heard = new Store("");
  /** Earlier messages, loaded when somebody wants them; they end where those of the room begin. */
  readonly earlier = new Store<{ readonly messages: readonly Message[]; readonly more: boolean } | undefined>(undefined);
  /** Grows whenever the field is to take the focus. */
  readonly wanted = new Store(0);

  private seen: number | undefined;
  private inView = false;
  private chat: ChatView | undefined;
  private readonly ends: (() => void)[] = [];

  constructor(
    private readonly room: string,
    private readonly client: RoomClient,
    private readonly layout: Layout,
  ) {
    this.draft = new Store(recall(`chat-draft:${room}`) ?? "");
    const seen = Number(recall(`chat-seen:${room}`) ?? Number.NaN);
    if (Number.isSafeInteger(seen)) this.seen = seen;
    const looked = (): void => this.read();
    document.addEventListener("visibilitychange", looked);
    this.ends.push(markTitle(this.unread), () => document.removeEventListener("visibilitychange", looked));
  }

  /** Shows the chat, ready to write. */
  open(): void {
    this.layout.showDock("chat");
    this.wanted.update((n) => n + 1);
  }

  /** Changes what is being written, and keeps it over a reload. */
  readonly write = (text: string): void => {
    this.draft.set(text);
    remember(`chat-draft:${this.room}`, text);
  };

  /** Says what is written, unless that is nothing. */
  send(): void {
    const text = this.draft.get().replace(/^\s*\n|\s+$/g, "");
    if (text === "") return;
    this.client.chat(text);
    this.write("");
  }

  /** Puts words at the end of what is being written, and shows it. */
  mention(text: string): void {
    const before = this.draft.get();
    this.write(`${before}${before === "" || /\s$/.test(before) ? "" : " "}${text} `);
    this.open();
  }

  /** Whether the messages can be seen on the screen. */
  readonly visible = (yes: boolean): void => {
    this.inView = yes;
    this.read();
  };

  /** The version of the newest message that has been read; undefined when none was ever. */
  get readUpTo(): number | undefined {
    return this.seen;
  }

  /** Looks at the room after a change. */
  see(view: RoomView): void {
    if (view.status !== "ready" || view.chat === this.chat || view.session === undefined) return;
    const before = this.chat === undefined ? undefined : (this.chat.messages.at(-1)?.version ?? 0);
    if (this.chat?.messages[0]?.version !== view.chat.messages[0]?.version) this.earlier.set(undefined);
    this.chat = view.chat;
    // Who comes for the first time has missed nothing.
    this.seen ??= view.chat.messages.at(-1)?.version ?? 0;
    this.read();
    const last = view.chat.messages.at(-1);
    if (before === undefined || last === undefined || last.version === before || last.by === view.person || this.watched()) return;
    const { chat } = words.get();
    const name = view.people.find(({ person }) => person === last.by)?.name ?? chat.somebody;
    this.heard.set(chat.heard(name, last.text.slice(0, heardMost)));
  }

  /** Loads the page of messages before those that are here. */
  async loadEarlier(): Promise<void> {
    const known = this.earlier.get();
    const first = known?.messages[0] ?? this.chat?.messages[0];
    const before = first === undefined ? "" : `?before=${first.version}`;
    const page = await fetchOfRoom<{ messages: Message[]; more: boolean }>(this.room, `chat${before}`);
    if (this.earlier.get() !== known) return;
    this.earlier.set({ messages: [...page.messages, ...(known?.messages ?? [])], more: page.more });
  }

  /** Leaves the room. */
  close(): void {
    for (const end of this.ends) end();
  }

  private watched(): boolean {
    return this.inView && document.visibilityState === "visible";
  }

  private read(): void {
    if (this.chat === undefined || this.seen === undefined) return;
    const { messages } = this.chat;
    const last = messages.at(-1)?.version ?? 0;
    if (this.watched() && last > this.seen) {
      this.seen = last;
      remember(`chat-seen:${this.room}`, String(last));
    }
    const { seen } = this;
    const { person } = this.client.view();
    this.unread.set(messages.reduce((n, { version, by }) => (version > seen && by !== person ? n + 1 : n), 0));
  }
}
