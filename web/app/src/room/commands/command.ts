import type { Words } from "../../words";
import type { RoomSession } from "../session";

/** A heading under which actions are listed. */
export type Group = keyof Words["frame"]["groups"];

/**
 * An action of the room page. The palette, the list of shortcuts and the keyboard all read it from here; buttons and
 * menus call the same functions.
 */
export type Command = {
  /** Unique, "files.rename". */
  readonly id: string;
  readonly group: Group;
  readonly title: (words: Words) => string;
  /** "Mod+Shift+Enter"; Mod is Ctrl, or Command on a Mac. Without Mod, Alt or an F key it works outside of text fields only. */
  readonly keys?: string;
  /** Other keys that do the same, where some keyboards or browsers lack the first. */
  readonly also?: readonly string[];
  /** Whether the editor or a list knows these keys by itself, so that they are listed here and not listened for. */
  readonly elsewhere?: boolean;
  /** Whether it can be done now; always, without it. */
  readonly when?: (session: RoomSession) => boolean;
  readonly run: (session: RoomSession) => void;
};
