/** What of a keyboard event decides whether it is a shortcut. */
export type Pressed = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** Whether an event is the shortcut, written as "Mod+Shift+P". */
export function matches(keys: string, event: Pressed): boolean {
  const parts = keys.split("+");
  const key = parts.pop() ?? "";
  const wants = (name: string): boolean => parts.includes(name);
  if (wants("Mod") !== (event.ctrlKey || event.metaKey) || wants("Alt") !== event.altKey) return false;
  // Where a sign is on the keyboard differs: "?" needs Shift on most and not on all.
  const sign = key.length === 1 && !/[a-z0-9]/i.test(key);
  if (!sign && wants("Shift") !== event.shiftKey) return false;
  // With Alt, a Mac types other letters.
  if (event.altKey && /^[A-Z]$/.test(key)) return event.code === `Key${key}`;
  return event.key.toLowerCase() === key.toLowerCase();
}

/** Whether a shortcut could be something that a person types. */
export function isTyped(keys: string): boolean {
  return !/(^|\+)(Mod|Alt)\+/.test(keys) && !/(^|\+)F\d+$/.test(keys);
}
