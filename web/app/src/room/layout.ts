import { parseFragment } from "../lib/fragment";
import { recall, remember } from "../lib/storage";
import { Store } from "../lib/store";

/** Which of the page's three places is to be seen where there is room for one only. */
export type Place = "side" | "main" | "dock";

/** What is open where: the sidebar, the middle, and the dock on the right. Remembered in this browser. */
export class Layout {
  /** The view in the sidebar; undefined while it is closed. */
  readonly side = kept("layout.side");
  /** What stands in the middle: undefined for the editor, else a view that takes its place. A link to a moment opens the history. */
  readonly main = new Store<string | undefined>(parseFragment(location.hash).version === undefined ? undefined : "history");
  /** The panel in the dock. */
  readonly dock = new Store("output");
  /** Set while the dock is closed. */
  readonly dockClosed = kept("layout.dock-closed");
  /** Where the screen is narrow, the place that is seen. */
  readonly place = new Store<Place>("main");
  private lastSide: string | undefined;

  /** Opens a view in the sidebar, or closes it when it is the open one. */
  toggleSide(view: string): void {
    if (this.side.get() === view) this.closeSide();
    else this.showSide(view);
  }

  /** Opens a view in the sidebar. */
  showSide(view: string): void {
    this.side.set(view);
    this.place.set("side");
  }

  /** Closes the sidebar. */
  closeSide(): void {
    this.lastSide = this.side.get();
    this.side.set(undefined);
    this.place.set("main");
  }

  /** Closes the sidebar, or opens it with what it has shown last; first is what it shows when there is no such thing. */
  toggleSidebar(first: string): void {
    if (this.side.get() === undefined) this.showSide(this.lastSide ?? first);
    else this.closeSide();
  }

  /** Shows a panel of the dock. */
  showDock(panel: string): void {
    this.dock.set(panel);
    this.dockClosed.set(undefined);
    this.place.set("dock");
  }

  /** Opens or closes the dock. */
  toggleDock(): void {
    const open = this.dockClosed.get() === undefined;
    this.dockClosed.set(open ? "yes" : undefined);
    this.place.set(open ? "main" : "dock");
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
