import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../../languages/", import.meta.url);

/** The folders of the catalogue. */
export const languageFolders = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** A language's manifest, as text. */
export function manifest(id: string): string {
  return readFileSync(new URL(`${id}/language.toml`, folder), "utf8");
}

/** The value of a key that is one string. */
export function stringOf(text: string, key: string): string | undefined {
  return new RegExp(`^${key} *= *["']([^"']*)["']`, "m").exec(text)?.[1];
}

const string = `'''[^\\n]*?'''|'[^'\\n]*'|"(?:[^"\\\\\\n]|\\\\.)*"`;

/** The error patterns: a list of strings, literal or not. */
export function errorsOf(text: string): string[] {
  if (!/^errors *=/m.test(text)) return [];
  const list = new RegExp(`^errors *= *\\[((?:\\s*(?:#.*|(?:${string})\\s*,?))*)\\s*\\]`, "m").exec(text)?.[1];
  if (list === undefined) throw new Error("the list of errors is not written as these tests read it: quoted strings on one line each");
  return [...list.matchAll(new RegExp(string, "g"))].map(([s]) => read(s));
}

function read(s: string): string {
  if (s.startsWith("'''")) return s.slice(3, -3);
  return s.startsWith("'") ? s.slice(1, -1) : (JSON.parse(s) as string);
}
