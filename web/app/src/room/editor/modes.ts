import { EditorState, Prec, type Extension } from "@codemirror/state";
import type { Comments, Language } from "../../lib/api";
import { extensionOf, languageOf } from "../../lib/languages";
import { words } from "../../words";

/** How a file is edited: its mode ("" for plain text), and what its language is used to. */
export type Editing = { readonly mode: string; readonly comments?: Comments; readonly indent: string };

/** A file of which nothing is known. */
export const plain: Editing = { mode: "", indent: "" };

/** The modes of files whose ending no language of the catalogue claims, and of all while it is not known. */
const byExtension: Record<string, string> = {
  py: "python", pyi: "python", js: "javascript", mjs: "javascript", cjs: "javascript", jsx: "jsx", json: "json", jsonl: "json",
  ts: "typescript", mts: "typescript", cts: "typescript", tsx: "tsx", java: "java", c: "c", h: "cpp",
  cpp: "cpp", cc: "cpp", cxx: "cpp", hpp: "cpp", hh: "cpp", go: "go", rb: "ruby", pl: "perl", pm: "perl", sh: "shell", bash: "shell",
  rs: "rust", php: "php", cs: "csharp", kt: "kotlin", swift: "swift", lua: "lua", r: "r", hs: "haskell",
  md: "markdown", markdown: "markdown", html: "html", htm: "html", svg: "xml", xml: "xml", css: "css", less: "less", sass: "sass", scss: "sass",
  yaml: "yaml", yml: "yaml", toml: "toml", ini: "properties", conf: "properties", properties: "properties", sql: "sql",
  diff: "diff", patch: "diff", tex: "stex", proto: "protobuf", cmake: "cmake", feature: "gherkin", styl: "stylus", pug: "pug",
};

/** The modes of files that go by their whole name. */
const byName: Record<string, string> = { dockerfile: "dockerfile", "cmakelists.txt": "cmake", "nginx.conf": "nginx", gemfile: "ruby", rakefile: "ruby" };

/** Modes in which several languages take turns, each with comments of its own. */
const mixed: ReadonlySet<string> = new Set(["html", "php", "markdown"]);

const loaded = new Map<string, Promise<Extension>>();

/** How a file is edited. Where several languages claim its ending, it is of the preferred one. */
export function editingOf(name: string, languages: readonly Language[], preferred: string): Editing {
  const language = languageOf(name, languages, preferred);
  const base = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
  const mode = byName[base] ?? language?.mode ?? byExtension[extensionOf(name)] ?? "";
  return {
    mode: mode === "text" ? "" : mode,
    indent: language?.indent ?? "",
    ...(language?.comments === undefined ? {} : { comments: language.comments }),
  };
}

/** The extension that makes Mod-/ use a language's own comments, also where several languages share a mode. */
export function commentsOf({ mode, comments }: Editing): Extension {
  if (comments === undefined || mixed.has(mode)) return [];
  return Prec.high(EditorState.languageData.of(() => [{ commentTokens: comments }]));
}

/** Loads a mode, once. A mode that cannot be loaded leaves the text plain, and is tried again next time. */
export function loadMode(mode: string): Promise<Extension> {
  const known = loaded.get(mode);
  if (known !== undefined) return known;
  if (mode === "") return Promise.resolve([]);
  const loading = load(mode).catch((): Extension => {
    loaded.delete(mode);
    return [];
  });
  loaded.set(mode, loading);
  return loading;
}

async function load(mode: string): Promise<Extension> {
  const { loaders } = await import("./mode-loaders");
  return (await loaders[mode]?.()) ?? [];
}

/** How a file is named in words: "Python", "Plain text". */
export function kindOf(name: string, languages: readonly Language[], preferred: string): string {
  const extension = extensionOf(name);
  return languageOf(name, languages, preferred)?.name ?? (extension === "" ? words.get().frame.said.plainText : `.${extension}`);
}
