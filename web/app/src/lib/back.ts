import { forget, recall, remember } from "./storage";

/** Where one has signed in, nobody is sent back to. */
const door = /^\/signin(?:[/?#]|$)/;

/**
 * A path of this page, with whatever stands behind it; "/" for everything else, so that no link can send people who have just
 * signed in to somebody else's page.
 */
export function localPath(to: string | null): string {
  if (to === null || !/^\/(?![/\\])/.test(to) || /[\p{Cc}\\]/u.test(to) || door.test(to)) return "/";
  try {
    const { origin, pathname, search, hash } = new URL(to, location.origin);
    return origin === location.origin && !pathname.startsWith("//") ? pathname + search + hash : "/";
  } catch {
    return "/";
  }
}

/**
 * The address of the page to sign in that comes back to where one is now. What stands behind the # (the key of a room) is sent
 * to no server: this tab keeps it meanwhile.
 */
export function signInPath(): string {
  const here = location.pathname + location.search;
  if (location.hash !== "") remember("back", JSON.stringify({ here, hash: location.hash }), "session");
  return here === "/" ? "/signin" : `/signin?to=${encodeURIComponent(here)}`;
}

/** What stood behind the # of an address when it was left to sign in; "" when nothing did. */
export function keptHash(address: string): string {
  try {
    const { here, hash } = JSON.parse(recall("back", "session") ?? "{}") as Record<string, unknown>;
    return here === address && typeof hash === "string" && hash.startsWith("#") ? hash : "";
  } catch {
    return "";
  }
}

/** Puts what was kept back into the address, once somebody has come back to it. After that nothing is kept. */
export function restoreHash(): void {
  const address = location.pathname + location.search;
  const hash = keptHash(address);
  if (hash === "") return;
  forget("back", "session");
  if (location.hash === "") history.replaceState(history.state, "", address + hash);
}
