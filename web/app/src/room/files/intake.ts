/** What became of the bytes of a file from outside: a text as rooms have it, or why there is none. */
export type Intake = { readonly text: string } | { readonly refused: "binary" };

/**
 * Reads bytes as text: UTF-8, or UTF-16 where a mark at the beginning says so. The mark is dropped, and line ends become
 * line feeds. What has zero bytes or is no valid text is binary.
 */
export function readText(bytes: Uint8Array): Intake {
  const text = decoded(bytes);
  // A terminal's escapes are text; a NUL is in no text that anybody writes.
  if (text === undefined || text.includes("\0")) return { refused: "binary" };
  return { text: text.replace(/\r\n?/g, "\n") };
}

function decoded(bytes: Uint8Array): string | undefined {
  const mark = `${bytes[0] ?? ""} ${bytes[1] ?? ""}`;
  const encoding = mark === "255 254" ? "utf-16le" : mark === "254 255" ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Cuts a text into pieces of at most so many bytes in a message, between characters. The first one may be empty. */
export function piecesOf(text: string, mostBytes: number): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  let bytes = 0;
  for (let at = 0; at < text.length; ) {
    const point = text.codePointAt(at) ?? 0;
    const size = sizeInMessage(point);
    if (bytes + size > mostBytes) {
      pieces.push(text.slice(start, at));
      [start, bytes] = [at, 0];
    }
    bytes += size;
    at += point > 0xffff ? 2 : 1;
  }
  pieces.push(text.slice(start));
  return pieces;
}

/** How many bytes a character takes in JSON, at the most: a line feed in an edit is a comma and two quotes. */
function sizeInMessage(point: number): number {
  if (point < 0x20) return point === 0x0a ? 3 : 6;
  if (point === 0x22 || point === 0x5c) return 2;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point > 0xffff ? 4 : point === 0x2028 || point === 0x2029 ? 6 : 3;
}

/** What an upload does not take, since it is made anew from the rest: by the names of its folders, and of its files. */
const leftOutFolders: ReadonlySet<string> = new Set([".git", "node_modules", "__pycache__", ".venv", "target", ".idea", ".vscode"]);
const leftOutFiles: ReadonlySet<string> = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);

/** The part of a path because of which it is left out of an upload of a folder; undefined when it is taken. */
export function leftOut(path: string): string | undefined {
  const parts = path.split("/");
  const last = parts.pop() ?? "";
  return leftOutFiles.has(last) ? last : parts.find((part) => leftOutFolders.has(part));
}
