import type { SaveState } from "@codecollab/client";
import { count } from "../../lib/format";

/** Where the user's text is, in words. It is always the truth. */
export function saveWords(save: SaveState, connecting: boolean): string {
  switch (save.kind) {
    case "saved":
      return `Saved · v${save.version}`;
    case "sending":
      return save.characters === 0 ? "Sending" : `Sending ${count(save.characters, "character", "characters")}`;
    case "offline": {
      const state = connecting ? "Connecting" : "Offline";
      return save.characters === 0 ? state : `${state} · ${count(save.characters, "character", "characters")} kept in this browser`;
    }
    case "read-only":
      return `Read-only: ${save.reason}${save.characters === 0 ? "" : ` · ${count(save.characters, "character", "characters")} kept in this browser`}`;
  }
}
