/** Where a room is: the server's origin, the room's id, and the key of the link by which somebody comes. */
export type Address = { readonly origin: string; readonly room: string; readonly key?: string };

const keyShape = /^[a-z2-7]{20,40}$/;

/** Reads a link to a room, as pages and people have it; undefined when it is none. Without a scheme, https is meant. */
export function parseLink(link: string): Address | undefined {
  const text = link.trim();
  let url: URL;
  try {
    url = new URL(/^https?:\/\//i.test(text) ? text : `https://${text}`);
  } catch {
    return undefined;
  }
  const room = /^\/r\/([^/]+)\/?$/.exec(url.pathname)?.[1];
  if (room === undefined) return undefined;
  const key = url.hash.replace(/^#/, "").split("&").find((part) => keyShape.test(part));
  try {
    return { origin: url.origin, room: decodeURIComponent(room), ...(key === undefined ? {} : { key }) };
  } catch {
    return undefined;
  }
}

/** The link of a room's page. */
export function linkOf({ origin, room, key }: Address, version?: number): string {
  const parts = [...(key === undefined ? [] : [key]), ...(version === undefined ? [] : [`v=${version}`])];
  return `${origin}/r/${encodeURIComponent(room)}${parts.length === 0 ? "" : `#${parts.join("&")}`}`;
}

/** The origin of a server that somebody has typed; undefined when it is none. */
export function originOf(text: string): string | undefined {
  try {
    const url = new URL(/^https?:\/\//i.test(text.trim()) ? text.trim() : `https://${text.trim()}`);
    return url.hostname === "" ? undefined : url.origin;
  } catch {
    return undefined;
  }
}

/**
 * An origin as the authority of a `codecollab:` URI: the host, then the port and "http" after tildes where they are not the usual
 * ones. Authorities hold no colons here, since VS Code would take what is before them for a user.
 */
export function authorityOf(origin: string): string {
  const { hostname, port, protocol } = new URL(origin);
  const host = hostname.replace(/[^a-z0-9.-]/g, (c) => `_${c.charCodeAt(0).toString(16)}`);
  return [host, ...(port === "" && protocol === "https:" ? [] : [port]), ...(protocol === "http:" ? ["http"] : [])].join("~");
}

/** The origin again. Throws a TypeError for what is none. */
export function originFrom(authority: string): string {
  const [host = "", port = "", scheme = "https"] = authority.split("~");
  const name = host.replace(/_([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return new URL(`${scheme === "http" ? "http" : "https"}://${name}${port === "" ? "" : `:${port}`}`).origin;
}
