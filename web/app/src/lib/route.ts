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

/** The path of a room. */
export function roomPath(room: string): string {
  return `/r/${encodeURIComponent(room)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
