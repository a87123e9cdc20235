const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A number in [0, 1) from the platform's cryptographic source where there is one. */
export function secureRandom(): number {
  const source = globalThis.crypto as { getRandomValues(a: Uint32Array): Uint32Array } | undefined;
  if (source === undefined) return Math.random();
  return (source.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
}

/** An id as clients and files have them: 16 characters of [a-z0-9], about 82 bits. */
export function randomId(random: () => number = secureRandom): string {
  let id = "";
  for (let i = 0; i < 16; i++) id += letters.charAt(Math.floor(random() * letters.length));
  return id;
}

/** Whether s may be the id of a client or a file. */
export function isId(s: unknown): s is string {
  return typeof s === "string" && /^[a-z0-9]{8,32}$/.test(s);
}
