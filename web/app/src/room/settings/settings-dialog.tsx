/* oxlint-disable import/no-unassigned-import -- styles */
import { useState, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { LanguagePicker } from "../../ui/language-picker";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { DeleteRoom } from "./delete-room";
import "./settings.css";

/** The longest title, in characters; the server has the same limit. */
const longest = 80;

type Props = { readonly onClose: () => void };

/** The settings that everybody in the room shares, what is stored of it, and its end. */
export function SettingsDialog({ onClose }: Props): ReactNode {
  const { people } = useSession();
  const words = useWords();
  const w = words.settings;
  const share = (): void => {
    onClose();
    people.asking.set({ kind: "share" });
  };
  return (
    <Dialog title={w.title} onClose={onClose}>
      <div className="settings">
        <Shared />
        <section>
          <h3>{w.access}</h3>
          <div className="settings-delete">
            <p>{w.accessHint}</p>
            <Button onPress={share}>{words.people.share.button} …</Button>
          </div>
        </section>
        <section>
          <h3>{w.kept}</h3>
          <ul className="settings-kept">
            {w.keptText.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </section>
        <DeleteRoom onClose={onClose} />
      </div>
      <div className="dialog-actions">
        <Button look="accent" onPress={onClose}>
          {w.done}
        </Button>
      </div>
    </Dialog>
  );
}

/** What is set for everybody: title, language, indentation. */
function Shared(): ReactNode {
  const session = useSession();
  const w = useWords().settings;
  const language = useRoom((view) => view.language);
  const settings = useRoom((view) => view.settings);
  const able = useRoom((view) => view.status === "ready" && view.refusal === undefined);
  const set = (width: number, indent: string): void =>
    session.client.setSettings({ tab_width: width, ...(indent === "" ? {} : { indent }) });
  const width = settings?.tab_width ?? 4;
  const indent = settings?.indent ?? "";
  return (
    <section className="settings-shared">
      <TitleField able={able} />
      <div className="settings-row">
        <div>
          <span className="label">{w.language}</span>
          <LanguagePicker align="start" value={language} isDisabled={!able} onPick={(l) => session.language(l)} />
        </div>
        <label>
          <span className="label">{w.tab}</span>
          <select className="input" value={width} disabled={!able} onChange={(event) => set(Number(event.target.value), indent)}>
            {[1, 2, 3, 4, 5, 6, 7, 8].map((n) => (
              <option key={n}>{n}</option>
            ))}
          </select>
        </label>
        <label>
          <span className="label">{w.indent}</span>
          <select className="input" value={indent} disabled={!able} onChange={(event) => set(width, event.target.value)}>
            <option value="">{w.asFile}</option>
            <option value="tabs">{w.tabs}</option>
            <option value="spaces">{w.spaces}</option>
          </select>
        </label>
      </div>
    </section>
  );
}

function TitleField({ able }: { readonly able: boolean }): ReactNode {
  const { client, room } = useSession();
  const w = useWords().settings;
  const title = useRoom((view) => view.title);
  const [text, setText] = useState(title);
  const [before, setBefore] = useState(title);
  // Somebody else has chosen another title meanwhile.
  if (before !== title) {
    setBefore(title);
    setText(title);
  }
  const keep = (): void => {
    const clean = [...text.replace(/\s+/g, " ").trim()].slice(0, longest).join("");
    setText(clean);
    if (clean !== title) client.setTitle(clean);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      <label>
        <span className="label">{w.name}</span>
        <input
          className="input"
          value={text}
          maxLength={longest}
          disabled={!able}
          placeholder={room}
          autoComplete="off"
          aria-describedby="title-hint"
          onChange={(event) => setText(event.target.value)}
          onBlur={keep}
        />
      </label>
      <p className="hint" id="title-hint">
        {able ? w.nameHint : w.readOnly}
      </p>
    </form>
  );
}
