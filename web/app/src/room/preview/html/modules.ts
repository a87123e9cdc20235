import { parse } from "es-module-lexer/js";
import { resolve } from "../paths";
import { scriptData, type Files } from "./data";

/** The modules of a page so far: an import map from names that only it knows to their code. */
export type Modules = { readonly map: Record<string, string>; readonly files: Files };

/**
 * Rewrites a module's imports of files of the room, and puts those files, and what they import, into the map. Modules are
 * data, which has no place from which a relative path could lead; so all of them get a name.
 */
export function moduleGraph(text: string, name: string, modules: Modules): string {
  let imports: ReturnType<typeof parse>[0];
  try {
    [imports] = parse(text);
  } catch {
    return text; // the browser says better what is wrong with it
  }
  let out = "";
  let at = 0;
  for (const { n: link, s, e, d } of imports) {
    const target = link === undefined || !/^\.{0,2}\//.test(link) ? undefined : resolve(name, link);
    const file = target === undefined ? undefined : modules.files.get(target);
    if (target === undefined || file === undefined) continue;
    const key = `room:/${target.split("/").map(encodeURIComponent).join("/")}`;
    out += text.slice(at, s) + (d >= 0 ? JSON.stringify(key) : key);
    at = e;
    if (Object.hasOwn(modules.map, key)) continue;
    modules.map[key] = ""; // modules may import each other
    modules.map[key] = scriptData(target, moduleGraph(file, target, modules));
  }
  return out + text.slice(at);
}
