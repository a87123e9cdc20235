import { keptHash, localPath } from "../lib/back";
import { loadMe } from "../lib/me";
import { go } from "../lib/route";

/** Where somebody wants to go once they are in, from the page's own address. */
export function destination(): string {
  return localPath(new URLSearchParams(location.search).get("to"));
}

/** Somebody is in: learns who, and goes on to where they wanted to. */
export async function arrive(to: string = destination()): Promise<void> {
  await loadMe();
  go(to + (to.includes("#") ? "" : keptHash(to)), "replace");
}

/** The token behind the # of this page's address. It is sent to the server only when a button is pressed. */
export function tokenInHash(): string {
  return /^#([\w-]{8,200})$/.exec(location.hash)?.[1] ?? "";
}
