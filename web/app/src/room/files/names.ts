import { extensionOf } from "../../lib/languages";

/** What is wrong with a file name, in words; undefined when nothing is. The server has the last word. */
export function nameProblem(name: string, taken: readonly string[]): string | undefined {
  const text = name.trim();
  if (text === "") return "A file needs a name.";
  if (text.length > 200) return "This name is too long.";
  if (text.startsWith("/")) return "A name cannot begin with a slash.";
  if (/\p{Cc}|\\/u.test(text)) return "A name cannot contain backslashes or control characters.";
  if (text.split("/").some((part) => part === "" || part === "." || part === "..")) return "Each part of a path needs a name of its own.";
  if (taken.includes(text)) return "There is a file of this name already.";
  return undefined;
}

/** A name that no file has, with the ending of the file it is suggested beside. */
export function freeName(taken: readonly string[], beside: string | undefined): string {
  const extension = beside === undefined ? "" : extensionOf(beside);
  const ending = extension === "" ? ".txt" : `.${extension}`;
  for (let n = 1; ; n++) {
    const name = `untitled${n === 1 ? "" : n}${ending}`;
    if (!taken.includes(name)) return name;
  }
}
