import { strToU8, Zip, ZipDeflate } from "fflate";

/** So many UTF-16 units are packed before the page may breathe. */
const slice = 1 << 18;

/** Packs texts into a zip file, as they are. It pauses now and then, so that typing goes on. */
export async function zipOf(files: readonly { readonly name: string; readonly text: string }[], pause: () => Promise<void>): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let failure: Error | undefined;
  const zip = new Zip((error, data) => {
    if (error !== null) failure ??= error;
    else parts.push(data as Uint8Array<ArrayBuffer>);
  });
  for (const { name, text } of files) {
    const entry = new ZipDeflate(name, { level: 6 });
    entry.mtime = new Date();
    zip.add(entry);
    for (let at = 0; ; ) {
      const end = whole(text, at + slice);
      entry.push(strToU8(text.slice(at, end)), end >= text.length);
      at = end;
      if (at >= text.length) break;
      await pause();
    }
    await pause();
  }
  zip.end();
  if (failure !== undefined) throw failure;
  return new Blob(parts, { type: "application/zip" });
}

/** The place, or the one before it where it is between the two units of one character. */
function whole(text: string, at: number): number {
  return at < text.length && /[\uD800-\uDBFF]/.test(text[at - 1] ?? "") ? at - 1 : at;
}
