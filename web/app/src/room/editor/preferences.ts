import { recall, remember } from "../../lib/storage";
import { Store } from "../../lib/store";

/** Whose keys the editor has. */
export type Keys = "standard" | "vim" | "emacs";

/** How one person wants the editor, in this browser and never in anybody else's. */
export type Preferences = {
  readonly keys: Keys;
  /** Of the text, in CSS pixels. */
  readonly size: number;
  readonly wrap: boolean;
};

/** What sizes there are, and the one of the beginning. */
export const sizes = { least: 10, most: 28, usual: 13.5 };

/** The preferences of this browser's person. */
export const preferences = new Store<Preferences>(readPreferences(recall("editor")));

/** Chooses some of them; the others stay. */
export function prefer(choice: Partial<Preferences>): void {
  const next = readPreferences(JSON.stringify({ ...preferences.get(), ...choice }));
  remember("editor", JSON.stringify(next));
  preferences.set(next);
}

/** Makes the text a step larger or smaller. */
export function resizeText(step: 1 | -1): void {
  const { size } = preferences.get();
  // The usual size lies between two whole ones.
  prefer({ size: step > 0 ? Math.floor(size) + 1 : Math.ceil(size) - 1 });
}

/** Preferences from what a browser remembers; what makes no sense there is as usual. */
export function readPreferences(stored: string | undefined): Preferences {
  let read: Record<string, unknown> = {};
  try {
    const value: unknown = JSON.parse(stored ?? "{}");
    if (typeof value === "object" && value !== null) read = value as Record<string, unknown>;
  } catch {
    // As if nothing were remembered.
  }
  const { keys, size, wrap } = read;
  return {
    keys: keys === "vim" || keys === "emacs" ? keys : "standard",
    size: typeof size === "number" && Number.isFinite(size) ? Math.min(sizes.most, Math.max(sizes.least, size)) : sizes.usual,
    wrap: wrap === true,
  };
}
