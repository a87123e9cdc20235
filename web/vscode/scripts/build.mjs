// Bundles the extension: for machines, and for VS Code in a browser, from the same sources.
import { build } from "esbuild";
import { rmSync } from "node:fs";

const common = { bundle: true, format: "cjs", external: ["vscode"], minify: true, target: "es2022", legalComments: "none", logLevel: "warning", metafile: true };
rmSync("out", { recursive: true, force: true });
for (const [entry, outfile, rest] of [
  ["src/node/main.ts", "out/node.js", { platform: "node", target: "node20" }],
  ["src/web/main.ts", "out/web.js", { platform: "browser" }],
]) {
  const { metafile } = await build({ ...common, entryPoints: [entry], outfile, ...rest });
  if (process.argv.includes("--sizes")) {
    for (const output of Object.values(metafile.outputs)) {
      const inputs = Object.entries(output.inputs).map(([name, { bytesInOutput }]) => [name, bytesInOutput]);
      console.log(outfile, output.bytes, inputs.toSorted((a, b) => b[1] - a[1]).slice(0, 8));
    }
  }
}
