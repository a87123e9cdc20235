import { Compartment, EditorState, type Extension, type StateEffect } from "@codemirror/state";
import { EditorView, keymap, type Command } from "@codemirror/view";
import { whenIdle } from "../../lib/later";
import { words } from "../../words";
import { preferences, type Keys, type Preferences } from "./preferences";

/** What is done for those who use another editor's keys. */
export type KeyHelpers = {
  /** Somebody has asked for the text to be saved. */
  readonly save: () => void;
  /** The keys could not be loaded, in words. */
  readonly failed: (message: string) => void;
};

const loadExtras = async (): Promise<{ readonly extras: Extension; readonly openSearchPanel: Command }> => import("./extras");

/**
 * A person's preferences in the states of an editor, and what is loaded once the page is idle. Every state is made with extensions(); when a preference changes,
 * changed is called, and effects() bring a state up to date.
 */
export class Personal {
  private readonly keymap = new Compartment();
  private readonly looks = new Compartment();
  private readonly more = new Compartment();
  private extras: Extension = firstSearch;
  private loaded: Extension = [];
  private keys: Keys = "standard";
  private look = looking();
  private readonly ends: readonly (() => void)[];

  constructor(
    private readonly changed: () => void,
    private readonly helpers: KeyHelpers,
  ) {
    const apply = (): void => this.apply(preferences.get());
    this.ends = [preferences.subscribe(apply), words.subscribe(apply), whenIdle(() => this.addExtras())];
    apply();
  }

  /** They come before all other keymaps, since Vim takes every key. */
  extensions(): Extension {
    return [this.keymap.of(this.loaded), this.looks.of(this.look), this.more.of(this.extras)];
  }

  /** What a state lacks of the preferences; nothing when it has them. */
  effects(state: EditorState): StateEffect<unknown>[] {
    const effects: StateEffect<unknown>[] = [];
    if (this.keymap.get(state) !== this.loaded) effects.push(this.keymap.reconfigure(this.loaded));
    if (this.looks.get(state) !== this.look) effects.push(this.looks.reconfigure(this.look));
    if (this.more.get(state) !== this.extras) effects.push(this.more.reconfigure(this.extras));
    return effects;
  }

  close(): void {
    for (const end of this.ends) end();
  }

  private addExtras(): void {
    loadExtras().then(
      ({ extras }) => {
        this.extras = extras;
        this.changed();
      },
      () => undefined, // the keys that need it ask for it again
    );
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

/** Whoever searches before the search is there waits for it a moment. */
const firstSearch: Extension = keymap.of([
  {
    key: "Mod-f",
    run(view) {
      loadExtras().then(
        ({ openSearchPanel }) => openSearchPanel(view),
        () => undefined,
      );
      return true;
    },
  },
]);

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
