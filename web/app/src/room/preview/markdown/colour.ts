import { ensureSyntaxTree } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { highlightTree } from "@lezer/highlight";
import { catalogue, findLanguage } from "../../../lib/languages";
import { codeStyle } from "../../editor/highlight";
import { editingOf, loadMode } from "../../editor/modes";

/** A block is coloured when it is read in so long, in milliseconds, and has so many characters at most. */
const patience = 50;
const longest = 50_000;

/** Colours the blocks of code as the editor would. */
export async function colour(root: ParentNode): Promise<void> {
  for (const code of root.querySelectorAll("pre > code[class]")) {
    const text = code.textContent ?? "";
    const mode = modeOf(code.className.replace("language-", ""));
    if (mode === "" || text.length > longest) continue;
    const state = EditorState.create({ doc: text, extensions: [await loadMode(mode)] });
    const tree = ensureSyntaxTree(state, text.length, patience);
    if (tree === null) continue;
    const pieces: (string | Node)[] = [];
    let at = 0;
    highlightTree(tree, codeStyle, (from, to, classes) => {
      const span = document.createElement("span");
      span.className = classes;
      span.textContent = text.slice(from, to);
      pieces.push(text.slice(at, from), span);
      at = to;
    });
    code.replaceChildren(...pieces, text.slice(at));
  }
}

function modeOf(name: string): string {
  const { list } = catalogue.get();
  return findLanguage(list, name)?.mode ?? editingOf(`x.${name}`, list, "").mode;
}
