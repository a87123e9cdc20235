/* oxlint-disable import/no-unassigned-import -- styles */
import { useEffect, useRef, type ReactNode } from "react";
import { useWords } from "../../words";
import { useSession } from "../context";
import { Composer } from "./composer";
import { MessageList } from "./message-list";
import "./chat.css";

/** What people say in the room. */
export function ChatPanel(): ReactNode {
  const { chat } = useSession();
  const words = useWords();
  const panel = useRef<HTMLElement>(null);

  useEffect(() => {
    const { current } = panel;
    if (current === null) return;
    const observer = new IntersectionObserver((seen) => chat.visible(seen.some((entry) => entry.isIntersecting)));
    observer.observe(current);
    return () => {
      observer.disconnect();
      chat.visible(false);
    };
  }, [chat]);

  return (
    <section className="chat" aria-label={words.chat.title} ref={panel}>
      <MessageList />
      <Composer />
    </section>
  );
}
