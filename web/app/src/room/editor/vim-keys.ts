import type { Extension } from "@codemirror/state";
import { Vim, vim } from "@replit/codemirror-vim";
import { leaving } from "./leave";

/** Vim's keys. Its :w says what Ctrl+S says. */
export function vimKeys(save: () => void): Extension {
  // Commands belong to all of Vim: the newest room answers.
  Vim.defineEx("write", "w", save);
  return [leaving, vim({ status: true })];
}
