import { useEffect } from "react";
import { commands } from "./commands/all";
import { isTyped, matches } from "./commands/keys";
import type { RoomSession } from "./session";

/** The shortcuts that work wherever the focus is. */
export function useShortcuts(session: RoomSession): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.isComposing) return;
      const command = commands.find(({ keys, elsewhere }) => {
        if (keys === undefined || elsewhere === true || !matches(keys, event)) return false;
        return !(isTyped(keys) && isTyping(event.target));
      });
      if (command === undefined || command.when?.(session) === false) return;
      event.preventDefault();
      event.stopPropagation();
      command.run(session);
    };
    // Before the editor, which has uses of its own for some of them.
    addEventListener("keydown", pressed, { capture: true });
    return () => removeEventListener("keydown", pressed, { capture: true });
  }, [session]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement);
}
