import { toggleComment } from "@codemirror/commands";
import { ensureSyntaxTree, language } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { expect, test } from "vitest";
import type { Language } from "../src/lib/api";
import { languageOf, search } from "../src/lib/languages";
import { indentOf, unitOf } from "../src/room/editor/indent";
import { loaders } from "../src/room/editor/mode-loaders";
import { commentsOf, editingOf, loadMode, type Editing } from "../src/room/editor/modes";
import { toRegExp } from "../src/room/problems/patterns";
import { errorsOf, languageFolders, manifest, stringOf } from "./manifest";

test.each(languageFolders)("languages/%s names an editor mode that there is", (id) => {
  const mode = stringOf(manifest(id), "editor");
  expect(mode, `languages/${id}/language.toml: editor`).toBeDefined();
  if (mode !== "text") expect(Object.keys(loaders)).toContain(mode);
});

test.each(languageFolders)("the error patterns of languages/%s are patterns for JavaScript too", (id) => {
  for (const pattern of errorsOf(manifest(id))) expect(toRegExp(pattern), pattern).toBeInstanceOf(RegExp);
});

test.each(Object.keys(loaders))("the mode %s loads and reads a text", async (mode) => {
  const extension = await loadMode(mode);
  const state = EditorState.create({ doc: "x = 1 (2) [3] {4} \"five\"\n# six\n// seven\n", extensions: [extension] });
  expect(state.facet(language)?.name).toBeDefined();
  expect(ensureSyntaxTree(state, state.doc.length, 5000)?.length).toBe(state.doc.length);
});

test("a mode that does not exist leaves the text plain", async () => {
  expect(await loadMode("klingon")).toEqual([]);
});

function lang(id: string, extensions: string[], more: Partial<Language> = {}): Language {
  return {
    id, name: id, aliases: [], extensions, headers: [], mode: id, indent: "", file: `main.${extensions[0]}`, versions: [], available: true, formats: false, ...more,
  };
}

const list = [
  lang("octave", ["m"]),
  lang("objective-c", ["m"], { mode: "objectivec" }),
  lang("perl", ["pl"]),
  lang("prolog", ["pl"], { mode: "text", available: false }),
  lang("nasm", ["asm"], { mode: "gas", comments: { line: ";" }, indent: "\t" }),
  lang("cpp", ["cpp"], { headers: ["h"] }),
];

test.each([
  ["a.m", "objective-c", "objectivec"],
  ["a.m", "octave", "octave"],
  ["a.m", "python", "octave"],
  ["a.PL", "", "perl"],
  ["a.pl", "prolog", ""],
  ["a.h", "", "cpp"],
  ["a.json", "", "json"],
  ["Dockerfile", "", "dockerfile"],
  ["sub/CMakeLists.txt", "", "cmake"],
  ["notes", "", ""],
  [".m", "", ""],
])("%s in a room of %s is edited as %s", (name, preferred, mode) => {
  expect(editingOf(name, list, preferred).mode).toBe(mode);
});

test("while the list is not known, files of common languages have their modes", () => {
  expect(editingOf("a.rs", [], "").mode).toBe("rust");
});

async function commented(editing: Editing, doc: string): Promise<string> {
  const loaded: Extension = await loadMode(editing.mode);
  let state = EditorState.create({ doc, extensions: [loaded, commentsOf(editing)] });
  toggleComment({ state, dispatch: (tr) => (state = tr.state) });
  return state.doc.toString();
}

test("comments are the language's own, also where its mode is another's", async () => {
  expect(await commented(editingOf("a.asm", list, "nasm"), "mov eax, 1")).toBe("; mov eax, 1");
  expect(await commented({ mode: "", indent: "", comments: { block: { open: "(*", close: "*)" } } }, "x")).toBe("(* x *)");
  expect(await commented(editingOf("a.py", [], ""), "x")).toBe("# x");
  // In a mode of several languages each has its own.
  expect(await commented({ mode: "html", indent: "", comments: { line: "#" } }, "<p>")).toBe("<!-- <p> -->");
});

test("an empty file is indented as its language is used to, another one as it is", () => {
  const empty = EditorState.create().doc;
  const unit = (doc: EditorState["doc"], usual: string): string => unitOf(indentOf(doc, usual, undefined));
  expect(unit(empty, "\t")).toBe("\t");
  expect(unit(empty, "  ")).toBe("  ");
  expect(unit(empty, "")).toBe("    ");
  expect(unit(EditorState.create({ doc: "if\n  x\n" }).doc, "\t")).toBe("  ");
});

test("what a room has settled goes before what a file uses", () => {
  const { doc } = EditorState.create({ doc: "if\n  x\n" });
  expect(indentOf(doc, "", { tab_width: 3, indent: "tabs" })).toEqual({ by: "tabs", width: 3 });
  expect(indentOf(doc, "", { tab_width: 3, indent: "spaces" })).toEqual({ by: "spaces", width: 3 });
  expect(indentOf(doc, "", { tab_width: 3 })).toEqual({ by: "spaces", width: 2 });
  expect(indentOf(EditorState.create().doc, "\t", { tab_width: 8 })).toEqual({ by: "tabs", width: 8 });
});

test("a search finds names, aliases and extensions, the nearest first", () => {
  const some = [
    lang("typescript", ["ts"]), lang("javascript", ["js"], { aliases: ["node"] }), lang("java", ["java"]), lang("c", ["c"], { name: "C" }),
    lang("cpp", ["cpp"], { name: "C++", aliases: ["c++"] }), lang("lisp", ["lsp"], { name: "Common Lisp" }),
  ];
  const names = (query: string): string[] => search(some, query).map(({ id }) => id);
  expect(names("java")).toEqual(["java", "javascript"]);
  expect(names("node")).toEqual(["javascript"]);
  expect(names(".ts")).toEqual(["typescript"]);
  expect(names("C")[0]).toBe("c");
  expect(names("c++")).toEqual(["cpp"]);
  expect(names("lisp")).toEqual(["lisp"]);
  expect(names("klingon")).toEqual([]);
  expect(names(" ")).toHaveLength(some.length);
});

test("of several languages, one that is here and no dialect has the file", () => {
  const some = [lang("a", ["x"], { variantOf: "c" }), lang("b", ["x"], { available: false }), lang("c", ["x"])];
  expect(languageOf("f.x", some, "")?.id).toBe("c");
  expect(languageOf("f.x", some, "a")?.id).toBe("a");
});
