import type * as code from "./screen";

let loading: Promise<typeof code> | undefined;

/** The terminal's own part of the page: large, so it is fetched apart, and while nothing else is going on. */
export function loadScreen(): Promise<typeof code> {
  loading ??= new Promise<void>((go) => {
    if ("requestIdleCallback" in window) requestIdleCallback(() => go(), { timeout: 500 });
    else setTimeout(go, 100);
  })
    .then(() => import("./screen"))
    .catch((error: unknown) => {
      loading = undefined; // the next mount tries again
      throw error;
    });
  return loading;
}
