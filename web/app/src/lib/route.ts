import { Store } from "./store";

/** Where in the page somebody is. */
export type Route = { readonly page: "start"; readonly template?: string } | { readonly page: "room"; readonly room: string };

function read(): Route {
  const match = /^\/r\/([^/]+)\/?$/.exec(location.pathname);
  if (match !== null) return { page: "room", room: decoded(match[1] ?? "") };
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

/** What the server makes keys of links from. */
const keyShape = /^#([a-z2-7]{20,40})$/;

/** The key of the link by which this page was opened. The part of an address behind the # is sent to nobody by browsers. */
export function linkKey(): string | undefined {
  return keyShape.exec(location.hash)?.[1];
}

/** Shows the key of a room's link in the address, so that whoever copies that copies a link that works. */
export function showKey(room: string, key: string): void {
  const here = route.get();
  if (here.page !== "room" || here.room !== room || location.hash === `#${key}`) return;
  if (location.hash === "" || linkKey() !== undefined) history.replaceState(history.state, "", `#${key}`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
