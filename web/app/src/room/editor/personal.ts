import { Compartment, EditorState, type Extension, type StateEffect } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { words } from "../../words";
import { preferences, type Keys, type Preferences } from "./preferences";

/** What is done for those who use another editor's keys. */
export type KeyHelpers = {
  /** Somebody has asked for the text to be saved. */
  readonly save: () => void;
  /** The keys could not be loaded, in words. */
  readonly failed: (message: string) => void;
};

/**
 * A person's preferences in the states of an editor. Every state is made with extensions(); when a preference changes,
 * changed is called, and effects() bring a state up to date.
 */
export class Personal {
  private readonly keymap = new Compartment();
  private readonly looks = new Compartment();
  private loaded: Extension = [];
  private keys: Keys = "standard";
  private look = looking();
  private readonly ends: readonly (() => void)[];

  constructor(
    private readonly changed: () => void,
    private readonly helpers: KeyHelpers,
  ) {
    const apply = (): void => this.apply(preferences.get());
    this.ends = [preferences.subscribe(apply), words.subscribe(apply)];
    apply();
  }

  /** They come before all other keymaps, since Vim takes every key. */
  extensions(): Extension {
    return [this.keymap.of(this.loaded), this.looks.of(this.look)];
  }

  /** What a state lacks of the preferences; nothing when it has them. */
  effects(state: EditorState): StateEffect<unknown>[] {
    const effects: StateEffect<unknown>[] = [];
    if (this.keymap.get(state) !== this.loaded) effects.push(this.keymap.reconfigure(this.loaded));
    if (this.looks.get(state) !== this.look) effects.push(this.looks.reconfigure(this.look));
    return effects;
  }

  close(): void {
    for (const end of this.ends) end();
  }

  private apply({ keys, size }: Preferences): void {
    document.documentElement.style.setProperty("--size-editor", `${size}px`);
    this.look = looking();
    if (keys === this.keys) {
      this.changed();
      return;
    }
    this.keys = keys;
    loadKeys(keys, this.helpers.save).then(
      (loaded) => {
        if (this.keys !== keys) return;
        this.loaded = loaded;
        this.changed();
      },
      () => {
        if (this.keys !== keys) return;
        this.keys = "standard"; // so that it is tried again with the next change
        this.helpers.failed(words.get().editor.settings.failed);
      },
    );
  }
}

function looking(): Extension {
  return [preferences.get().wrap ? EditorView.lineWrapping : [], EditorState.phrases.of(words.get().editor.phrases)];
}

async function loadKeys(keys: Keys, save: () => void): Promise<Extension> {
  switch (keys) {
    case "standard":
      return [];
    case "vim":
      return (await import("./vim-keys")).vimKeys(save);
    case "emacs":
      return (await import("./emacs-keys")).emacsKeys();
  }
}
