import { recall, remember } from "../lib/storage";
import { Store } from "../lib/store";

/** Which of the page's three places is to be seen where there is room for one only. */
export type Place = "side" | "main" | "dock";

/** What is open where: the sidebar, the middle, and the dock on the right. Remembered in this browser. */
export class Layout {
  /** The view in the sidebar; undefined while it is closed. */
  readonly side = kept("layout.side");
  /** What stands in the middle: undefined for the editor, else a view that takes its place ("history"). */
  readonly main = new Store<string | undefined>(undefined);
  /** The panel in the dock. */
  readonly dock = new Store("output");
  /** Where the screen is narrow, the place that is seen. */
  readonly place = new Store<Place>("main");

  /** Opens a view in the sidebar, or closes it when it is the open one. */
  toggleSide(view: string): void {
    const open = this.side.get() !== view;
    this.side.set(open ? view : undefined);
    this.place.set(open ? "side" : "main");
  }

  /** Shows a panel of the dock. */
  showDock(panel: string): void {
    this.dock.set(panel);
    this.place.set("dock");
  }

  /** Puts a view in the middle; undefined brings the editor back. */
  showMain(view: string | undefined): void {
    this.main.set(view);
    this.place.set("main");
  }
}

function kept(key: string): Store<string | undefined> {
  const store = new Store<string | undefined>(recall(key) || undefined);
  store.subscribe(() => remember(key, store.get() ?? ""));
  return store;
}
