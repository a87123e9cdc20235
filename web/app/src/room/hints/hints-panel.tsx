/* oxlint-disable import/no-unassigned-import -- styles */
import { useEffect, useState, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Button, IconButton } from "../../ui/button";
import { SettingsIcon } from "../../ui/icons";
import { useRoom, useSession } from "../context";
import { AskForm } from "./ask-form";
import { HintList } from "./hint-list";
import { OwnerLog } from "./owner-log";
import { SettingsForm } from "./settings-form";
import { useModels } from "./use-models";
import { useHints, usePanelWords } from "./use-panel";
import "./hints.css";

/** Where people ask, and what they are told. */
export function HintsPanel(): ReactNode {
  const session = useSession();
  const hints = useHints();
  const words = usePanelWords();
  const on = useRoom((view) => view.hints?.on === true);
  const owner = useRoom((view) => view.role === "owner");
  const wish = useStore(session.hints.wish);
  const [settings, setSettings] = useState(false);

  useEffect(() => {
    if (wish === undefined) return;
    session.hints.wish.set(undefined);
    if (on) void hints.ask(wish);
  }, [wish, on, hints, session]);

  if (!on) {
    return (
      <section className="hints" aria-label={words.kinds["hint"]}>
        <div className="hints-off">
          <h2>{words.offTitle}</h2>
          <p>{owner ? words.offOwner : words.offGuest}</p>
          {owner ? <SettingsForm onDone={() => setSettings(false)} /> : null}
        </div>
        {owner ? <OwnerLog /> : null}
      </section>
    );
  }
  return (
    <section className="hints" aria-label={words.kinds["hint"]}>
      <div className="hints-top">
        <AskForm />
        {owner ? (
          <IconButton small name={words.settings} aria-expanded={settings} onPress={() => setSettings(!settings)}>
            <SettingsIcon />
          </IconButton>
        ) : null}
      </div>
      {settings && owner ? (
        <div className="hints-settings">
          <SettingsForm onDone={() => setSettings(false)} />
          <Button small className="danger" onPress={() => hints.settle({ on: false, level: 1 })}>
            {words.turnOff}
          </Button>
        </div>
      ) : null}
      <HintList />
      <Consent />
      {owner ? <OwnerLog /> : null}
    </section>
  );
}

/** Says who answers, and where that runs, before anybody asks. */
function Consent(): ReactNode {
  const words = usePanelWords();
  const models = useModels();
  const allowed = useRoom((view) => view.hints?.models === true);
  if (models === undefined) return null;
  const names = models.map(({ model, name, place }) => words.by(model === "" ? name : model, place)).join(", ");
  return <p className="hints-consent">{allowed && models.length > 0 ? words.from(names) : words.fromFacts}</p>;
}
