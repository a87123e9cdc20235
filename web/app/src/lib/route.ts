import { restoreHash } from "./back";
import { formatFragment, parseFragment } from "./fragment";
import { Store } from "./store";

/** Where in the page somebody is. */
export type Route =
  | { readonly page: "start"; readonly template?: string }
  | { readonly page: "room"; readonly room: string }
  /** Coming in, and one's own account; name is the first part of the path. */
  | { readonly page: "door"; readonly name: string }
  /** Organisations and the administrator; path is the whole of it, without a slash at its end. */
  | { readonly page: "office"; readonly path: string };

function read(): Route {
  restoreHash();
  const match = /^\/r\/([^/]+)\/?$/.exec(location.pathname);
  if (match !== null) return { page: "room", room: decoded(match[1] ?? "") };
  if (/^\/(orgs|admin)(\/|$)/.test(location.pathname)) return { page: "office", path: location.pathname.replace(/\/+$/, "") };
  const door = /^\/(signin|account|setup|invite|reset|device|authorize)\/?$/.exec(location.pathname);
  if (door?.[1] !== undefined) return { page: "door", name: door[1] };
  const template = new URLSearchParams(location.search).get("template");
  return template === null ? { page: "start" } : { page: "start", template };
}

/** The current route. */
export const route = new Store<Route>(read());

addEventListener("popstate", () => route.set(read()));

/** Goes to a path of this page. */
export function go(path: string, how: "push" | "replace" = "push"): void {
  if (how === "push") history.pushState(null, "", path);
  else history.replaceState(null, "", path);
  route.set(read());
}

/** The path of a room's page, by its address: its id, or its id, a # and the key of a link. */
export function roomPath(address: string): string {
  const [room = "", key] = address.split("#");
  return `/r/${encodeURIComponent(room)}${key === undefined ? "" : `#${key}`}`;
}

/** The key of the link by which this page was opened. The part of an address behind the # is sent to nobody by browsers. */
export function linkKey(): string | undefined {
  return parseFragment(location.hash).key;
}

/** Shows the key of a room's link in the address, so that whoever copies that copies a link that works. */
export function showKey(room: string, key: string): void {
  const here = route.get();
  const now = parseFragment(location.hash);
  if (here.page !== "room" || here.room !== room || now.key === key) return;
  if (location.hash !== "" && now.key === undefined && now.version === undefined) return;
  history.replaceState(history.state, "", formatFragment({ ...now, key }));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
