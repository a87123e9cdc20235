// Adds up what a browser must fetch, gzipped, before the room page is usable: the page, its styles, and every script
// that is reached without a language mode or a dialog being asked for. Fails above the limit.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const limit = 300 * 1000;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

const files = new Set(["index.html", "theme.js", "favicon.svg"]);
const seen = new Set();
function visit(key) {
  if (seen.has(key)) return;
  seen.add(key);
  const chunk = manifest[key];
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const next of chunk.imports ?? []) visit(next);
}
visit("index.html");
visit("src/room/room-page.tsx");

let total = 0;
for (const file of files) {
  const size = gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
  total += size;
  process.stdout.write(`${(size / 1000).toFixed(1).padStart(8)} kB  ${file}\n`);
}
process.stdout.write(`${(total / 1000).toFixed(1).padStart(8)} kB  first load of a room, gzipped; at most ${limit / 1000} kB\n`);
if (total > limit) process.exit(1);
