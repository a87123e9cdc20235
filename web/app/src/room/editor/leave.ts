import { Prec, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** For so long after Escape, Tab leaves the editor, in milliseconds: as CodeMirror itself has it. */
const patience = 2000;

/**
 * Escape, then Tab, leaves the editor. CodeMirror does so by itself, but not where other keys than its own take Escape
 * for themselves.
 */
export const leaving: Extension = Prec.highest(
  EditorView.domEventHandlers({
    keydown(event, view) {
      if (event.key === "Escape" && !event.isComposing) view.setTabFocusMode(patience);
      return false;
    },
  }),
);
