import { useEffect } from "react";
import type { RoomSession } from "./session";

/** The shortcuts that work wherever the focus is. */
export function useShortcuts(session: RoomSession): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.isComposing) return;
      const mod = event.ctrlKey || event.metaKey;
      if (mod && event.key === "Enter") {
        taken(event);
        if (event.shiftKey) session.stop();
        else session.run();
      } else if (mod && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "s") {
        taken(event);
        session.saved();
      } else if (event.shiftKey && event.altKey && !mod && event.code === "KeyF") {
        taken(event);
        void session.formatting.format(session.file.get());
      } else if (event.key === "?" && !mod && !event.altKey && !isTyping(event.target)) {
        taken(event);
        session.help.set(true);
      }
    };
    // Before the editor, which has uses of its own for some of them.
    addEventListener("keydown", pressed, { capture: true });
    return () => removeEventListener("keydown", pressed, { capture: true });
  }, [session]);
}

function taken(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement);
}
