// Writes the lists in docs/editor.md: which language the editor colours as what, and which it does not colour.
//
//   node scripts/editor-modes.mjs

import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = new URL("../languages/", import.meta.url);
const page = new URL("../docs/editor.md", import.meta.url);

const languages = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const text = readFileSync(new URL(`${name}/language.toml`, folder), "utf8");
    const value = (key) => new RegExp(`^${key} *= *["']([^"']*)["']`, "m").exec(text)?.[1] ?? "";
    return { name: value("name") || name, mode: value("editor") };
  })
  .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));

const wrapped = (words) => words.join(", ").replace(/(.{100,130}?), /g, "$1,\n");
const modes = [...new Set(languages.map(({ mode }) => mode))].filter((mode) => mode !== "text").sort();
const rows = modes.map((mode) => `| ${mode} | ${languages.filter((l) => l.mode === mode).map((l) => l.name).join(", ")} |`);
const plain = languages.filter(({ mode }) => mode === "text").map(({ name }) => name);

const lists = `Not coloured, ${plain.length} of ${languages.length}:
${wrapped(plain)}.

| mode | languages |
|---|---|
${rows.join("\n")}
`;
const mark = "<!-- Below: made by scripts/editor-modes.mjs -->\n\n";
const [head] = readFileSync(page, "utf8").split(mark);
writeFileSync(page, head + mark + lists);
