import { recall, remember } from "../../lib/storage";
import { Store } from "../../lib/store";

/** A size that a person chooses, remembered in this browser. */
export type Size = Store<number> & { readonly first: number; readonly min: number; readonly max: number };

/** A size between two bounds; first is what everybody begins with. */
function size(key: string, first: number, min: number, max: number): Size {
  const saved = Number(recall(key) ?? Number.NaN);
  const store = new Store(saved >= min && saved <= max ? saved : first);
  store.subscribe(() => remember(key, String(store.get())));
  return Object.assign(store, { first, min, max });
}

/** How wide the sidebar is, in pixels. */
export const sideWidth = size("side-width", 260, 180, 520);

/** The editor's share of the room beside or above the dock, in per cent. */
export const shares = { beside: size("split", 62, 20, 85), stacked: size("split-stacked", 62, 20, 85) };
