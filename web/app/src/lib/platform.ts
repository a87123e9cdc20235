/** Whether shortcuts use the Command key. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** A shortcut as it is printed: "Mod+Enter" becomes "⌘↵" or "Ctrl+Enter". */
export function shortcut(keys: string): string {
  if (!isMac) return keys.replace("Mod", "Ctrl");
  const symbols: Record<string, string> = { Mod: "⌘", Shift: "⇧", Alt: "⌥", Enter: "↵", Ctrl: "⌃" };
  return keys
    .split("+")
    .map((key) => symbols[key] ?? key)
    .join("");
}
