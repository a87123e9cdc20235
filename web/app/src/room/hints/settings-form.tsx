import { useState, type ReactNode } from "react";
import { Button } from "../../ui/button";
import { useRoom } from "../context";
import { useModels } from "./use-models";
import { useHints, usePanelWords } from "./use-panel";

type Props = { readonly onDone: () => void };

/** The owner's choice: whether hints are on, how far they go, and whether anything may leave. */
export function SettingsForm({ onDone }: Props): ReactNode {
  const hints = useHints();
  const words = usePanelWords();
  const models = useModels();
  const now = useRoom((view) => view.hints);
  const [level, setLevel] = useState(now?.on === true ? now.level : 3);
  const [ask, setAsk] = useState(now?.models === true);
  const [share, setShare] = useState(now?.share ?? true);
  const [ahead, setAhead] = useState(now?.ahead ?? false);
  const places = (models ?? []).map(({ model, name, place }) => words.by(model === "" ? name : model, place)).join(", ");
  const none = models?.length === 0;
  return (
    <form
      className="hints-form"
      onSubmit={(event) => {
        event.preventDefault();
        hints.settle({ on: true, level, models: ask && !none, share, ahead });
        onDone();
      }}
    >
      <label className="hints-cap">
        <span className="label">{words.cap}</span>
        <select className="input" value={level} onChange={(event) => setLevel(Number(event.target.value))}>
          {words.levels.map((name, i) => (
            <option key={name} value={i + 1}>
              {i + 1}. {name}
            </option>
          ))}
        </select>
      </label>
      <Check on={share} set={setShare} text={words.allowShare} />
      {none ? null : <Check on={ask} set={setAsk} text={words.allowModels} />}
      <p className="hints-leaves">
        {none ? words.noModels : ask ? words.leaves(places) : words.grounded} {words.askersTold}
      </p>
      <Check on={ahead} set={setAhead} text={words.allowAhead} hint={words.aheadHint} />
      <div>
        <Button type="submit" look="accent">
          {now?.on === true ? words.save : words.turnOn}
        </Button>
      </div>
    </form>
  );
}

type CheckProps = { readonly on: boolean; readonly set: (on: boolean) => void; readonly text: string; readonly hint?: string };

function Check({ on, set, text, hint }: CheckProps): ReactNode {
  return (
    <label className="hints-check">
      <input type="checkbox" checked={on} onChange={(event) => set(event.target.checked)} />
      <span>
        {text}
        {hint === undefined ? null : <small>{hint}</small>}
      </span>
    </label>
  );
}
