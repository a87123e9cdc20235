// Makes npm-ranges.jsonl: what npm's own semver says about ranges and versions. node npm-ranges.mjs >npm-ranges.jsonl
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";

const root = execFileSync("npm", ["root", "-g"], { encoding: "utf8" }).trim();
const semver = createRequire(import.meta.url)(`${root}/npm/node_modules/semver`);

const versions = `0.0.0 0.0.3 0.0.4 0.1.0 0.2.0 0.2.3 0.2.9 0.3.0 1.0.0 1.2.3 1.2.9 1.3.0 2.0.0 2.3.4 2.3.9 3.0.0 3.8.0 3.8.1 3.10.0
  3.10.1 3.10.2 3.10.12 3.11.2 3.12.0 3.12.0-alpha.1 3.12.0-alpha.2 3.12.0-beta 3.13.0 4.0.0 4.5.6 5.2.15 15.10.0 24.16.0`.split(/\s+/);

const ranges = [
  "*", "x", "", "3", "3.x", "3.x.x", "3.10", "3.10.x", "3.*", "^3.10", "^3.10.1", "^3", "~3", "~3.10", "~3.10.1",
  "~>3.10", "^0.2", "^0.2.3", "^0.0.3", "^0.x", "^0.0", "^0", ">=3.8 <4", ">=3.8 <4.0.0", ">= 3.8 < 4", ">3", ">3.10",
  ">3.x", "<3", "<3.10", "<=3", "<=3.10", ">=3.10", ">=3.10.0-0", "3.8 - 3.10", "3.8.1 - 3.10.2", "3 - 4", "3.9.0 - 4",
  "1 || 3", "^2 || ^3.10", "<2||>=3.11.2", "2.x || 1", "3.10.1||3.11.2", "v3.10.1", "=3.10.1", "= 3.10.1", "=v3.10",
  "V3", " 3.10.1 ", "!=3.10.1", "=>3", "=<3", ">=3,<4", "><", "latest", "python", "3.10.1.2", "03.1", "3.10.1-alpha",
  "^3.10.1-alpha.1", ">=3.12.0-alpha <3.13", "~3.12.0-alpha.1", ">3.12.0-alpha.1", "3.12.0-alpha.2",
  "3.12.0-alpha.2+build", "3.10.1+build5", "||", "*||2", ">=*", "<*", ">x", "<x", "^*", "~*", "^x.x.x", ">=3.10.x",
  "^3.x", "~3.x", "~3.10.x", ">3.10.x", "<=3.10.x", "3.x.1", "x.3.1", "*.1", ">=1.0.0 <2.0.0 || >=3.0.0",
  "1.2.3 3.10.1", "^ 3.10", "~ 3.10", "> 3", "3.8-3.10", "3.10.1 -3.11.2", "99999999999999999999", "^1.2.3", "~1.2.3",
  "1.2.3 - 2.3", "1.2.3 - 2", "1.2 - 2.3.4", ">=0", "<0.0.1",
];

for (const range of ranges) {
  console.log(JSON.stringify({ range, matches: versions.filter((v) => semver.satisfies(v, range)) }));
}
console.log(JSON.stringify({ versions }));
