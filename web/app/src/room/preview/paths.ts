/** The name of the file that a link in another one means; undefined when it leads out of the room. */
export function resolve(from: string, link: string): string | undefined {
  const plain = link.trim();
  if (plain === "" || plain.startsWith("#") || plain.startsWith("//") || /^[a-z][a-z0-9+.-]*:/i.test(plain)) return undefined;
  try {
    const base = `room:///${from.split("/").map(encodeURIComponent).join("/")}`;
    return decodeURIComponent(new URL(plain, base).pathname).slice(1);
  } catch {
    return undefined;
  }
}
