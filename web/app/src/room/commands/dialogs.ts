import { Store } from "../../lib/store";

/** What can be open over the room page. */
export class Dialogs {
  /** The palette, and what it searches first. */
  readonly palette = new Store<"actions" | "files" | undefined>(undefined);
  /** The settings of the room. */
  readonly settings = new Store(false);
}
