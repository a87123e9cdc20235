import type * as wire from "./wire.gen";

/** How many messages are remembered. */
const kept = 500;

/** What people have said in a room, as far as this client knows. Immutable: a new object on every change. */
export type ChatView = {
  /** Oldest first. */
  readonly messages: readonly wire.ChatMessage[];
  /** There are older ones, to be had over HTTP. */
  readonly more: boolean;
  /** What this client says and the server has not confirmed, oldest first. */
  readonly waiting: readonly string[];
};

/** The end of a room's chat, from its log. */
export class Chat {
  private messages: readonly wire.ChatMessage[] = [];
  private more = false;
  private cached: ChatView = { messages: [], more: false, waiting: [] };

  /** Starts over from a snapshot. */
  load(state: wire.State): void {
    this.messages = state.chat ?? [];
    this.more = state.chat_more ?? false;
  }

  /** The log says that somebody has said something. A message without a text was forgotten since. */
  said(message: wire.ChatMessage): void {
    if (message.text === "") return;
    this.more ||= this.messages.length >= kept;
    this.messages = [...this.messages.slice(1 - kept), message];
  }

  /** The log's part for a snapshot, the newest most of it. */
  snapshot(most: number): Pick<wire.State, "chat" | "chat_more"> {
    const chat = this.messages.slice(-most);
    const more = this.more || chat.length < this.messages.length;
    return { ...(chat.length > 0 ? { chat } : {}), ...(more ? { chat_more: true } : {}) };
  }

  /** For showing; the same object until something changes. */
  view(waiting: readonly string[]): ChatView {
    const { messages, more, cached } = this;
    const same = waiting.length === cached.waiting.length && waiting.every((text, i) => text === cached.waiting[i]);
    if (!same || messages !== cached.messages || more !== cached.more) this.cached = { messages, more, waiting };
    return this.cached;
  }
}
