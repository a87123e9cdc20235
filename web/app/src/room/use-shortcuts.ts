import { useEffect } from "react";
import { commands } from "./commands/all";
import { isTyped, matches } from "./commands/keys";
import { preferences } from "./editor/preferences";
import type { RoomSession } from "./session";

/** The shortcuts that work wherever the focus is, but in a dialog, which has keys of its own. */
export function useShortcuts(session: RoomSession): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.isComposing || document.querySelector(".scrim") !== null) return;
      const fits = (keys: string): boolean => matches(keys, event) && !(isTyped(keys) && isTyping(event.target)) && !belongsElsewhere(keys, event.target);
      const command = commands.find(({ keys, also = [], elsewhere }) => elsewhere !== true && [...(keys === undefined ? [] : [keys]), ...also].some(fits));
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

/** Ctrl with a letter is a program's in the terminal, and Vim's or Emacs' where somebody has chosen their keys. */
function belongsElsewhere(keys: string, target: EventTarget | null): boolean {
  if (!/^Mod\+[A-Z]$/.test(keys) || keys === "Mod+S" || !(target instanceof Element)) return false;
  if (target.closest(".output-terminal") !== null) return true;
  return preferences.get().keys !== "standard" && target.closest(".cm-content") !== null;
}
