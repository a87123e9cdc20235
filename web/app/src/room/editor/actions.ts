import {
  addCursorAbove,
  addCursorBelow,
  copyLineDown,
  deleteLine,
  indentLess,
  indentMore,
  moveLineDown,
  moveLineUp,
  redo,
  toggleBlockComment,
  toggleComment,
  undo,
} from "@codemirror/commands";
import { foldAll, foldCode, unfoldAll, unfoldCode } from "@codemirror/language";
import { gotoLine, openSearchPanel, selectNextOccurrence, selectSelectionMatches } from "@codemirror/search";

/** What the editor can do when it is asked by name, and not by a key. Loaded then. */
export const actions = {
  find: openSearchPanel,
  undo,
  redo,
  comment: toggleComment,
  blockComment: toggleBlockComment,
  indentMore,
  indentLess,
  lineUp: moveLineUp,
  lineDown: moveLineDown,
  copyLine: copyLineDown,
  deleteLine,
  nextMatch: selectNextOccurrence,
  allMatches: selectSelectionMatches,
  caretAbove: addCursorAbove,
  caretBelow: addCursorBelow,
  foldOne: foldCode,
  unfoldOne: unfoldCode,
  foldAll,
  unfoldAll,
  line: gotoLine,
};
