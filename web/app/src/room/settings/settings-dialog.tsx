/* oxlint-disable import/no-unassigned-import -- styles */
import { Fragment, useState, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { LanguagePicker } from "../../ui/language-picker";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { DeleteRoom } from "./delete-room";
import { settingsParts } from "./parts";
import "./settings.css";

/** The longest title, in characters; the server has the same limit. */
const longest = 80;

type Props = { readonly onClose: () => void };

/** The settings that everybody in the room shares, what is stored of it, and its end. */
export function SettingsDialog({ onClose }: Props): ReactNode {
  const words = useWords();
  const w = words.settings;
  return (
    <Dialog title={w.title} onClose={onClose}>
      <div className="settings">
        <Shared />
        {settingsParts.map(({ id, view: View }) => (
          <Fragment key={id}>
            <View />
          </Fragment>
        ))}
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
  const ready = useRoom((view) => view.status === "ready");
  const set = (width: number, indent: string): void =>
    session.client.setSettings({ tab_width: width, ...(indent === "" ? {} : { indent }) });
  const width = settings?.tab_width ?? 4;
  const indent = settings?.indent ?? "";
  return (
    <section className="settings-shared">
      <TitleField />
      <div className="settings-row">
        <div>
          <span className="label">{w.language}</span>
          <LanguagePicker align="start" value={language} isDisabled={!ready} onPick={(l) => session.language(l)} />
        </div>
        <label>
          <span className="label">{w.tab}</span>
          <select className="input" value={width} disabled={!ready} onChange={(event) => set(Number(event.target.value), indent)}>
            {[1, 2, 3, 4, 5, 6, 7, 8].map((n) => (
              <option key={n}>{n}</option>
            ))}
          </select>
        </label>
        <label>
          <span className="label">{w.indent}</span>
          <select className="input" value={indent} disabled={!ready} onChange={(event) => set(width, event.target.value)}>
            <option value="">{w.asFile}</option>
            <option value="tabs">{w.tabs}</option>
            <option value="spaces">{w.spaces}</option>
          </select>
        </label>
      </div>
    </section>
  );
}

function TitleField(): ReactNode {
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
          placeholder={room}
          autoComplete="off"
          aria-describedby="title-hint"
          onChange={(event) => setText(event.target.value)}
          onBlur={keep}
        />
      </label>
      <p className="hint" id="title-hint">
        {w.nameHint}
      </p>
    </form>
  );
}
