import type { Terminal } from "@xterm/xterm";
import { copyText } from "../../../lib/clipboard";
import { isMac } from "../../../lib/platform";

/**
 * The keys of a terminal. While a program reads them they are the program's, but for copying, pasting, and the way out:
 * Escape, then Tab, as in the editor. Otherwise they scroll, and Tab goes on as everywhere.
 */
export class Keys {
  /** Whether a program gets the keys. */
  accepting = false;
  private escaped = false;

  constructor(private readonly terminal: Terminal) {
    terminal.attachCustomKeyEventHandler((event) => this.key(event));
    terminal.textarea?.addEventListener("blur", () => (this.escaped = false));
  }

  /** Whether xterm is to handle a key. */
  private key(event: KeyboardEvent): boolean {
    if (event.type !== "keydown") return event.key !== "Tab";
    const { key, shiftKey } = event;
    const leaves = key === "Tab" && (this.escaped || !this.accepting);
    if (key !== "Shift") this.escaped = key === "Escape";
    if (leaves) return false;
    if (this.clipboard(event)) return false;
    if (this.accepting || event.ctrlKey || event.metaKey || event.altKey) return this.accepting;
    const scroll = this.scrolls()[`${shiftKey ? "Shift+" : ""}${key}`];
    if (scroll === undefined) return false;
    event.preventDefault();
    scroll();
    return false;
  }

  /** Copies with Ctrl+C when something is selected, and leaves pasting to the browser. */
  private clipboard(event: KeyboardEvent): boolean {
    if (!(isMac ? event.metaKey : event.ctrlKey) || event.altKey) return false;
    const key = event.key.toLowerCase();
    if (key === "v") return true;
    if (key !== "c" || !(this.terminal.hasSelection() || event.shiftKey)) return false;
    event.preventDefault();
    void copyText(this.terminal.getSelection());
    if (!event.shiftKey) this.terminal.clearSelection();
    return true;
  }

  private scrolls(): Record<string, () => void> {
    const { terminal } = this;
    return {
      ArrowUp: () => terminal.scrollLines(-1),
      ArrowDown: () => terminal.scrollLines(1),
      PageUp: () => terminal.scrollPages(-1),
      PageDown: () => terminal.scrollPages(1),
      " ": () => terminal.scrollPages(1),
      "Shift+ ": () => terminal.scrollPages(-1),
      Home: () => terminal.scrollToTop(),
      End: () => terminal.scrollToBottom(),
    };
  }
}
