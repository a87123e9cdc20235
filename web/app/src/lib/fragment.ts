/** What stands behind the # of a room's address: the key of a link, and a moment of the room's history ("#KEY&v=123"). */
export type Fragment = { readonly key?: string; readonly version?: number };

/** What the server makes keys of links from. */
const keyShape = /^[a-z2-7]{20,40}$/;

/** Reads a fragment, with or without its #. What cannot be read is left out. */
export function parseFragment(hash: string): Fragment {
  let key: string | undefined;
  let version: number | undefined;
  for (const part of hash.replace(/^#/, "").split("&")) {
    if (keyShape.test(part)) key ??= part;
    const moment = /^v=([1-9]\d{0,14})$/.exec(part);
    if (moment !== null) version ??= Number(moment[1]);
  }
  return { ...(key === undefined ? {} : { key }), ...(version === undefined ? {} : { version }) };
}

/** Writes a fragment; "" when there is nothing in it. */
export function formatFragment({ key, version }: Fragment): string {
  const parts = [...(key === undefined ? [] : [key]), ...(version === undefined ? [] : [`v=${version}`])];
  return parts.length === 0 ? "" : `#${parts.join("&")}`;
}

/** Puts a moment into the address, or takes it out, and leaves the key as it is. */
export function showMoment(version: number | undefined): void {
  const { key } = parseFragment(location.hash);
  const hash = formatFragment({ ...(key === undefined ? {} : { key }), ...(version === undefined ? {} : { version }) });
  if (hash !== location.hash) history.replaceState(history.state, "", `${location.pathname}${location.search}${hash}`);
}
