import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
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
import { words } from "../../words";
import { highlighting } from "./highlight";

/**
 * What an editor has from the first moment, whatever the file; extras.ts has the rest. Line ends are line feeds, as in the room: CodeMirror
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
  rectangularSelection(),
  crosshairCursor(),
  highlightActiveLine(),
  keymap.of([
    // Mod-Enter runs the program, everywhere on the page.
    ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
    ...historyKeymap,
    ...foldKeymap,
    indentWithTab,
  ]),
  EditorView.scrollMargins.of(() => ({ top: 28, bottom: 28 })),
];

function foldMarker(open: boolean): HTMLElement {
  const marker = document.createElement("span");
  marker.className = open ? "fold" : "fold folded";
  marker.title = open ? words.get().editor.fold : words.get().editor.unfold;
  marker.textContent = "›";
  return marker;
}
