import { extensionOf } from "../../lib/languages";
import { words } from "../../words";
import { folderOf } from "./paths";

/** Lengths of names in bytes of UTF-8, as the server has them. */
const most = { whole: 255, part: 100 };

/** What is wrong with a file name, in words; undefined when nothing is. The server has the last word. */
export function nameProblem(name: string, taken: readonly string[]): string | undefined {
  const text = name.trim();
  const { problems } = words.get().files;
  const parts = text.split("/");
  if (text === "") return problems.empty;
  if (text.startsWith("/")) return problems.slash;
  if (/\p{Cc}|\\/u.test(text)) return problems.signs;
  if (parts.some((part) => part === "" || part === "." || part === "..")) return problems.parts;
  if (parts.some((part) => part.trim() !== part)) return problems.spaces;
  if (bytesOf(text) > most.whole) return problems.long(most.whole);
  if (parts.some((part) => bytesOf(part) > most.part)) return problems.longPart(most.part);
  if (taken.includes(text)) return problems.taken;
  if (taken.some((other) => other.startsWith(`${text}/`))) return problems.isFolder;
  const file = taken.find((other) => text.startsWith(`${other}/`));
  return file === undefined ? undefined : problems.inFile(file);
}

/** A name that no file has, beside a file and with its ending. */
export function freeName(taken: readonly string[], beside: string | undefined): string {
  const extension = beside === undefined ? "" : extensionOf(beside);
  const ending = extension === "" ? ".txt" : `.${extension}`;
  const folder = beside === undefined ? "" : folderOf(beside);
  for (let n = 1; ; n++) {
    const name = `${folder}untitled${n === 1 ? "" : n}${ending}`;
    if (!taken.includes(name)) return name;
  }
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
