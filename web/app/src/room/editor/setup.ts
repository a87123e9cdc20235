import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import {
  crosshairCursor,
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { highlighting } from "./highlight";

/**
 * Everything an editor has, whatever the file. Line ends are line feeds, as in the room: CodeMirror
 * splits what is pasted at any kind of line end and joins it by line feeds.
 */
export const basics: Extension = [
  lineNumbers(),
  foldGutter({ markerDOM: foldMarker }),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  history({ newGroupDelay: 400 }),
  drawSelection(),
  dropCursor(),
  EditorState.allowMultipleSelections.of(true),
  indentOnInput(),
  highlighting,
  bracketMatching(),
  closeBrackets(),
  rectangularSelection(),
  crosshairCursor(),
  highlightActiveLine(),
  highlightSelectionMatches({ minSelectionLength: 2, maxMatches: 500 }),
  search({ top: true }),
  keymap.of([
    ...closeBracketsKeymap,
    // Mod-Enter runs the program, everywhere on the page.
    ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
    ...searchKeymap,
    ...historyKeymap,
    ...foldKeymap,
    indentWithTab,
  ]),
  EditorView.scrollMargins.of(() => ({ top: 28, bottom: 28 })),
];

function foldMarker(open: boolean): HTMLElement {
  const marker = document.createElement("span");
  marker.className = open ? "fold" : "fold folded";
  marker.title = open ? "Fold" : "Unfold";
  marker.textContent = "›";
  return marker;
}
