import type { ReactNode } from "react";
import { useStore } from "../../lib/store";
import { useWords } from "../../words";
import { useSession } from "../context";

/** How many messages are unread, beside the name of the chat's tab. */
export function ChatBadge(): ReactNode {
  const unread = useStore(useSession().chat.unread);
  const { chat } = useWords();
  if (unread === 0) return null;
  return (
    <span className="unread" title={chat.unread(unread)}>
      <span aria-hidden="true">{unread}</span>
      <span className="hidden"> {chat.unread(unread)}</span>
    </span>
  );
}
