import { existsSync } from "node:fs";
import { register } from "node:module";
import { basename, join } from "node:path";

register("./hooks.mjs", import.meta.url);

// After an error the compiler ends as if all were well: what it should have made tells whether it has.
Error.stackTraceLimit = 0;
const [, , source, option, folder] = process.argv;
if (option === "--outDir") {
  const made = join(folder, basename(source).replace(/\.\w+$/, ".js"));
  process.on("exit", (code) => {
    if (code === 0 && !existsSync(made)) process.exitCode = 1;
  });
}
