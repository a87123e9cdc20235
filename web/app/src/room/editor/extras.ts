import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { Prec, type Extension } from "@codemirror/state";
import { keymap } from "@codemirror/view";

/** What an editor has besides the basics; nobody misses it in the first moment, so it is loaded after that. */
export const extras: Extension = [
  closeBrackets(),
  keymap.of(closeBracketsKeymap),
  highlightSelectionMatches({ minSelectionLength: 2, maxMatches: 500 }),
  search({ top: true }),
  Prec.low(keymap.of(searchKeymap)),
];

export { openSearchPanel };
