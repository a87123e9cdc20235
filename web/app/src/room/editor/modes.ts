import { StreamLanguage } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import type { Language } from "../../lib/api";
import { extensionOf } from "../../lib/languages";

const loaders: Record<string, () => Promise<Extension>> = {
  python: async () => (await import("@codemirror/lang-python")).python(),
  javascript: async () => (await import("@codemirror/lang-javascript")).javascript({ jsx: true }),
  typescript: async () => (await import("@codemirror/lang-javascript")).javascript({ typescript: true }),
  java: async () => (await import("@codemirror/lang-java")).java(),
  cpp: async () => (await import("@codemirror/lang-cpp")).cpp(),
  go: async () => (await import("@codemirror/lang-go")).go(),
  ruby: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/ruby")).ruby),
  perl: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/perl")).perl),
  shell: async () => StreamLanguage.define((await import("@codemirror/legacy-modes/mode/shell")).shell),
};
loaders["c"] = loaders["cpp"] as () => Promise<Extension>;

/** The modes of files whose ending no language of the catalogue claims, and of all while it is not known. */
const byExtension: Record<string, string> = {
  py: "python", js: "javascript", mjs: "javascript", cjs: "javascript", jsx: "javascript", json: "javascript",
  ts: "typescript", mts: "typescript", cts: "typescript", tsx: "typescript", java: "java", c: "c", h: "cpp",
  cpp: "cpp", cc: "cpp", cxx: "cpp", hpp: "cpp", go: "go", rb: "ruby", pl: "perl", pm: "perl", sh: "shell", bash: "shell",
};

const loaded = new Map<string, Promise<Extension>>();

/** The name of a file's mode; "" for plain text. */
export function modeOf(name: string, languages: readonly Language[]): string {
  const extension = extensionOf(name);
  if (extension === "") return "";
  const mode = languages.find((l) => l.extensions.includes(extension))?.mode ?? byExtension[extension] ?? "";
  return mode in loaders ? mode : "";
}

/** Loads a mode, once. A mode that cannot be loaded leaves the text plain, and is tried again next time. */
export function loadMode(mode: string): Promise<Extension> {
  const known = loaded.get(mode);
  if (known !== undefined) return known;
  const loader = loaders[mode];
  if (loader === undefined) return Promise.resolve([]);
  const loading = loader().catch((): Extension => {
    loaded.delete(mode);
    return [];
  });
  loaded.set(mode, loading);
  return loading;
}

/** How a file is named in words: "Python", "Plain text". */
export function kindOf(name: string, languages: readonly Language[]): string {
  const extension = extensionOf(name);
  const language = extension === "" ? undefined : languages.find((l) => l.extensions.includes(extension));
  return language?.name ?? (extension === "" ? "Plain text" : `.${extension}`);
}
