import type { SaveState, Unsent } from "@codecollab/client";
import type { Words } from "../../words";

/** What the mark shows: an icon and words. */
export type Mark = { readonly kind: SaveState["kind"]; readonly text: string };

/**
 * Where the user's text is, in words that are always true: all saved at a version, so many characters only in this
 * browser, offline, and both. left counts the characters of tabs that are gone.
 */
export function markOf(save: SaveState, connecting: boolean, left: number, { mark }: Words["status"]): Mark {
  if (save.kind === "saved" && left === 0) return { kind: "saved", text: mark.saved(save.version) };
  const only = save.kind === "saved" ? mark.onlyHere(left) : onlyWords(save, left, mark);
  const words = (begin: string): string => (only === "" ? begin : `${begin} · ${only}`);
  switch (save.kind) {
    case "saved":
    case "sending":
      return { kind: "sending", text: only };
    case "offline":
      return { kind: "offline", text: words(connecting ? mark.connecting : mark.offline) };
    case "read-only":
      return { kind: "read-only", text: words(mark.readOnly(save.reason)) };
  }
}

function onlyWords({ characters, commands = 0, fleeting }: Unsent, left: number, mark: Words["status"]["mark"]): string {
  const all = characters + left;
  if (all > 0) return fleeting ? mark.onlyInTab(all) : mark.onlyHere(all);
  if (commands > 0) return fleeting ? mark.changesInTab(commands) : mark.changesHere(commands);
  return "";
}
