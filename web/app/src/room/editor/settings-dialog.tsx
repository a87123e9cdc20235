/* oxlint-disable import/no-unassigned-import -- styles of what is loaded with them */
import type { ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Button, IconButton } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { usualTabWidth } from "./indent";
import { prefer, preferences, resizeText, sizes, type Keys } from "./preferences";
import "./settings.css";

const keyboards: readonly Keys[] = ["standard", "vim", "emacs"];
const widths = [1, 2, 3, 4, 5, 6, 7, 8];

/** How the editor is: for the person at this browser, and, apart from that, for everybody in the room. */
export function EditorSettings({ onClose }: { readonly onClose: () => void }): ReactNode {
  const words = useWords().editor.settings;
  return (
    <Dialog title={words.title} onClose={onClose}>
      <div className="editor-settings">
        <Mine />
        <Ours />
      </div>
      <div className="dialog-actions">
        <Button look="accent" onPress={onClose}>
          {words.done}
        </Button>
      </div>
    </Dialog>
  );
}

function Mine(): ReactNode {
  const words = useWords().editor.settings;
  const { keys, size, wrap } = useStore(preferences);
  return (
    <fieldset>
      <legend>{words.mine}</legend>
      <div className="setting">
        <span id="setting-keys">{words.keys}</span>
        <div className="choice" role="radiogroup" aria-labelledby="setting-keys">
          {keyboards.map((name) => (
            <label key={name}>
              <input type="radio" name="keys" checked={keys === name} onChange={() => prefer({ keys: name })} />
              <span>{words[name]}</span>
            </label>
          ))}
        </div>
      </div>
      {keys === "standard" ? null : <p className="hint">{words.vimHint}</p>}
      <div className="setting">
        <span>{words.size}</span>
        <div className="stepper">
          <IconButton small look="outline" name={words.smaller} isDisabled={size <= sizes.least} onPress={() => resizeText(-1)}>
            −
          </IconButton>
          <output>{size}</output>
          <IconButton small look="outline" name={words.larger} isDisabled={size >= sizes.most} onPress={() => resizeText(1)}>
            +
          </IconButton>
        </div>
      </div>
      <label className="setting">
        {words.wrap}
        <input type="checkbox" checked={wrap} onChange={(event) => prefer({ wrap: event.target.checked })} />
      </label>
    </fieldset>
  );
}

function Ours(): ReactNode {
  const words = useWords().editor.settings;
  const { client } = useSession();
  const settings = useRoom((view) => view.settings);
  const width = settings?.tab_width ?? usualTabWidth;
  const indent = settings?.indent ?? "";
  const set = (tab: number, by: string): void => client.setSettings({ tab_width: tab, ...(by === "" ? {} : { indent: by }) });
  return (
    <fieldset>
      <legend>{words.ours}</legend>
      <label className="setting">
        {words.indent}
        <select className="input" value={indent} onChange={(event) => set(width, event.target.value)}>
          <option value="">{words.asFile}</option>
          <option value="spaces">{words.bySpaces}</option>
          <option value="tabs">{words.byTabs}</option>
        </select>
      </label>
      <label className="setting">
        {words.tabWidth}
        <select className="input" value={width} onChange={(event) => set(Number(event.target.value), indent)}>
          {widths.map((n) => (
            <option key={n} value={n}>
              {n}
            </option>
          ))}
        </select>
      </label>
      <p className="hint">{words.shared}</p>
    </fieldset>
  );
}
