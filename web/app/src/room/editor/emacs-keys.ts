import type { Extension } from "@codemirror/state";
import { emacs } from "@replit/codemirror-emacs";
import { leaving } from "./leave";

/** Emacs' keys. */
export function emacsKeys(): Extension {
  return [leaving, emacs()];
}
