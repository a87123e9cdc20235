import { words } from "../words";

/** Whether shortcuts use the Command key. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

const symbols: Readonly<Record<string, string>> = { Mod: "⌘", Shift: "⇧", Alt: "⌥", Enter: "↵", Ctrl: "⌃" };

/** A shortcut as it is printed, with the keys' names in the page's language: "Mod+Enter" becomes "⌘↵", "Ctrl+Enter" or "Strg+Eingabe". */
export function shortcut(keys: string): string {
  const parts = keys.split("+");
  if (isMac) return parts.map((key) => symbols[key] ?? key).join("");
  const names = words.get().frame.keys;
  return parts.map((key) => names[key] ?? key).join("+");
}
