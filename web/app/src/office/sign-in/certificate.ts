/** When a certificate begins and ends, in milliseconds since the Unix epoch. */
export type Validity = { readonly from: number; readonly until: number };

/**
 * Reads the validity out of an X.509 certificate, given as PEM or as the base64 alone. Only to show it: whether a certificate counts
 * is the server's to say. Undefined when it cannot be read.
 */
export function validityOf(text: string): Validity | undefined {
  try {
    const der = bytesOf(text.replace(/-----[^-]+-----/g, "").replace(/\s+/g, ""));
    const tbs = element(der, element(der, 0).start).start;
    // TBSCertificate: [0] version (optional), serial number, algorithm, issuer, validity …
    let at = tbs;
    if (element(der, at).tag === 0xa0) at = element(der, at).end;
    for (let skip = 0; skip < 3; skip++) at = element(der, at).end;
    const validity = element(der, at);
    const from = element(der, validity.start);
    const until = element(der, from.end);
    return { from: timeOf(der, from), until: timeOf(der, until) };
  } catch {
    return undefined;
  }
}

type Element = { readonly tag: number; readonly start: number; readonly end: number };

/** The element of DER that begins at a place. */
function element(der: Uint8Array, at: number): Element {
  const tag = byte(der, at);
  const first = byte(der, at + 1);
  if (first < 0x80) return bounded(der, tag, at + 2, first);
  const count = first & 0x7f;
  if (count === 0 || count > 3) throw new RangeError("a length that certificates do not have");
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + byte(der, at + 2 + i);
  return bounded(der, tag, at + 2 + count, length);
}

function bounded(der: Uint8Array, tag: number, start: number, length: number): Element {
  if (start + length > der.length) throw new RangeError("an element that goes beyond the end");
  return { tag, start, end: start + length };
}


/** A UTCTime (tag 23, two digits of the year) or a GeneralizedTime (24). */
function timeOf(der: Uint8Array, { tag, start, end }: Element): number {
  const text = String.fromCodePoint(...der.slice(start, end));
  const match = (tag === 23 ? /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/ : /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/).exec(text);
  if (match === null) throw new RangeError("no time");
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const full = tag === 23 ? year + (year < 50 ? 2000 : 1900) : year;
  return Date.UTC(full, month - 1, day, hour, minute, second);
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (unit) => unit.codePointAt(0) ?? 0);
}

function byte(der: Uint8Array, at: number): number {
  const found = der[at];
  if (found === undefined) throw new RangeError("the end is too early");
  return found;
}
