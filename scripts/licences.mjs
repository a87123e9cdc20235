// Checks the licences of all that is built into the product, and of what it is built and tested with. Whoever adds a library with
// another licence has to name it here, with the reason why it may stay.
//
//	node scripts/licences.mjs         prints what is wrong, and a summary
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const permissive = new Set(["MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "BlueOak-1.0.0", "CC0-1.0", "Unlicense", "Zlib", "Python-2.0"]);

// MPL-2.0 asks for changes to its own files to be published, and nothing of what is around them; we change none of them.
const exceptions = [
  { name: /^github\.com\/riverqueue\/river(\/|$)/, licence: "MPL-2.0", why: "the queue, used as it is (docs/adr/0006-queue.md)" },
  { name: /^lightningcss(-|$)/, licence: "MPL-2.0", why: "part of Vite: it builds the page and is not in it" },
  { name: /^(@axe-core\/playwright|axe-core)$/, licence: "MPL-2.0", why: "tests alone" },
  { name: /^parse-cache-control$/, licence: "unknown", why: "BSD by its file; part of Lighthouse, which measures the page" },
];

/** The licence that a text is, by sentences that only it has. */
function licenceOf(text) {
  const flat = text.replace(/\s+/g, " ").replace(/[“”]/g, '"');
  if (/Mozilla Public License,? Version 2\.0/i.test(flat)) return "MPL-2.0";
  if (/GNU (AFFERO |LESSER )?GENERAL PUBLIC LICENSE/i.test(flat)) return "GPL";
  if (/Apache License,? Version 2\.0/i.test(flat)) return "Apache-2.0";
  if (/Permission is hereby granted, free of charge, to any person obtaining a copy/i.test(flat)) return "MIT";
  if (/Permission to use, copy, modify, and\/?(or)? distribute this software for any purpose/i.test(flat)) return "ISC";
  if (/Redistribution and use in source and binary forms/i.test(flat)) return /Neither the name/i.test(flat) ? "BSD-3-Clause" : "BSD-2-Clause";
  return "unknown";
}

/** The modules that Go code of ours is built with, its tools and tests included. */
function goModules() {
  const format = "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}{{end}}{{end}}";
  const list = (...what) => execFileSync("go", ["list", "-deps", "-f", format, ...what], { encoding: "utf8", maxBuffer: 1 << 26 });
  const out = list("-test", "./...") + list("tool");
  return [...new Set(out.split("\n").filter(Boolean))].map((line) => {
    const [name, dir] = line.split("\t");
    const file = readdirSync(dir).find((f) => /^(licen[cs]e|copying)/i.test(f));
    return { name, licence: file === undefined ? "unknown" : licenceOf(readFileSync(join(dir, file), "utf8")), from: "Go" };
  });
}

/** The packages that a lock file names. */
function npmPackages(lock) {
  if (!existsSync(lock)) return [];
  const { packages } = JSON.parse(readFileSync(lock, "utf8"));
  return Object.entries(packages).flatMap(([path, p]) => {
    if (!path.includes("node_modules/") || p.link) return [];
    return [{ name: path.replace(/.*node_modules\//, ""), licence: p.license ?? "unknown", from: lock }];
  });
}

/** Whether a licence is permissive; of a choice one has to be. */
function allowed(licence) {
  const plain = licence.replace(/^\((.*)\)$/, "$1");
  if (plain.includes(" OR ")) return plain.split(" OR ").some(allowed);
  if (plain.includes(" AND ")) return plain.split(" AND ").every(allowed);
  return permissive.has(plain);
}

const all = [...goModules(), ...npmPackages("web/package-lock.json"), ...npmPackages("test/piston-clients/package-lock.json")];
const counts = new Map();
let wrong = 0;
for (const { name, licence, from } of all) {
  counts.set(licence, (counts.get(licence) ?? 0) + 1);
  if (allowed(licence) || exceptions.some((e) => e.name.test(name) && e.licence === licence)) continue;
  console.error(`${name} (${from}) has the licence ${licence}, which is not one of ${[...permissive].join(", ")}`);
  wrong++;
}
if (all.length < 100) {
  console.error(`only ${all.length} libraries were found; something does not list them`);
  wrong++;
}
console.log(`licences of ${all.length} libraries: ${[...counts].sort((a, b) => b[1] - a[1]).map(([l, n]) => `${n} ${l}`).join(", ")}`);
if (wrong > 0) {
  console.error(`${wrong} may not stay: use another library, or add an exception with its reason to scripts/licences.mjs`);
  process.exit(1);
}
