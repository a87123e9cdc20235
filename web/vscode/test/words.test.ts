import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (name: string): Record<string, string> => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), "utf8")) as Record<string, string>;
const places = (text: string): string[] => (text.match(/\{\d+\}/g) ?? []).toSorted();

function said(): string[] {
  const root = new URL("../src", import.meta.url).pathname;
  const all = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts")).map((name) => readFileSync(`${root}/${name}`, "utf8")).join("\n");
  return [...new Set(Array.from(all.matchAll(/(?<![\w.])(?:vscode\.l10n\.)?t\("((?:[^"\\]|\\.)*)"/g), (match) => match[1] ?? ""))].toSorted();
}

it("says everything in German, too", () => {
  const german = read("l10n/bundle.l10n.de.json");
  expect(Object.keys(german).toSorted()).toEqual(said());
  for (const [english, words] of Object.entries(german)) expect(places(words), english).toEqual(places(english));
});

it("has the manifest's words in both languages, and uses all of them", () => {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const used = [...new Set(Array.from(manifest.matchAll(/"%([^%"]+)%"/g), (match) => match[1] ?? ""))].toSorted();
  for (const name of ["package.nls.json", "package.nls.de.json"]) expect(Object.keys(read(name)).toSorted(), name).toEqual(used);
});

it("has a command for each that the manifest names", () => {
  const { contributes } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { contributes: { commands: { command: string; category: string }[] } };
  const source = readFileSync(new URL("../src/extension.ts", import.meta.url), "utf8");
  for (const { command, category } of contributes.commands) {
    expect(category).toBe("CodeCollab");
    expect(source, command).toMatch(new RegExp(`\\b${command.replace("codecollab.", "")}: `));
  }
});
