import { useSyncExternalStore } from "react";

/**
 * How much room the page has. "wide": sidebar, editor and dock side by side; "stacked": the dock below the editor;
 * "single": one of the three at a time.
 */
export type Screen = "wide" | "stacked" | "single";

const narrow = matchMedia("(max-width: 899px)");
const small = matchMedia("(max-width: 599px), (max-width: 899px) and (max-height: 599px)");

function subscribe(f: () => void): () => void {
  const lists = [narrow, small];
  for (const list of lists) list.addEventListener("change", f);
  return () => {
    for (const list of lists) list.removeEventListener("change", f);
  };
}

/** How much room the page has now. */
export function screenNow(): Screen {
  return small.matches ? "single" : narrow.matches ? "stacked" : "wide";
}

/** How much room the page has; the component renders again when that changes. */
export function useScreen(): Screen {
  return useSyncExternalStore(subscribe, screenNow);
}
