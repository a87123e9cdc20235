import type { ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/button";
import { HintIcon } from "../../ui/icons";
import { useRoom } from "../context";
import type { AskKind } from "./door";
import { useHints, usePanelWords } from "./use-panel";

const others: readonly AskKind[] = ["error", "explain", "review"];

/** What can be asked, and how much the answer says. */
export function AskForm(): ReactNode {
  const hints = useHints();
  const words = usePanelWords();
  const level = useStore(hints.level);
  const share = useStore(hints.share);
  const cap = useRoom((view) => view.hints?.level ?? 1);
  const mayShare = useRoom((view) => view.hints?.share === true);
  const online = useRoom((view) => view.connection === "online");
  const chosen = Math.min(level, cap);
  return (
    <div className="hints-ask">
      <fieldset className="hints-levels">
        <legend className="label">{words.level}</legend>
        <div className="hints-segments">
          {words.levels.slice(0, cap).map((name, i) => (
            <label key={name} title={words.levelHints[i]}>
              <input type="radio" name="hint-level" checked={chosen === i + 1} onChange={() => hints.choose(i + 1)} />
              <span>{name}</span>
            </label>
          ))}
        </div>
        <p className="faint">{words.levelHints[chosen - 1]}</p>
      </fieldset>
      <div className="hints-buttons">
        <Button look="accent" isDisabled={!online} onPress={() => void hints.ask({ kind: "hint" })}>
          <HintIcon size={15} /> {words.ask}
        </Button>
        {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset would need a legend that is seen */}
        <span role="group" aria-label={words.more}>
          {others.map((kind) => (
            <Button key={kind} small look="quiet" isDisabled={!online} onPress={() => void hints.ask({ kind })}>
              {words.kinds[kind]}
            </Button>
          ))}
        </span>
      </div>
      {mayShare ? (
        <label className="hints-check">
          <input type="checkbox" checked={share} onChange={(event) => hints.share.set(event.target.checked)} />
          <span>{words.share}</span>
        </label>
      ) : null}
    </div>
  );
}
