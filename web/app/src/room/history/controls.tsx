import type { ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Button, IconButton } from "../../ui/button";
import { ArrowIcon, BackIcon, PauseIcon, PlayIcon } from "../../ui/icons";
import { locale, useWords } from "../../words";
import type { Overview } from "./api";
import { patterns } from "./picture";
import { speeds, type PlayerState } from "./player";
import type { Visit } from "./visit";

type Props = { readonly visit: Visit; readonly state: PlayerState };

/** Play, step, speed, and where in the history one is. */
export function Controls({ visit, state }: Props): ReactNode {
  const words = useWords().history;
  const { player } = visit;
  const { playing, version, speed, skipIdle } = state;
  const follow = useStore(visit.follow);
  return (
    <div className="history-controls">
      <IconButton name={words.back} isDisabled={version <= 1} onPress={() => player.seek(version - 1)}>
        <BackIcon />
      </IconButton>
      <Button look={playing ? "outline" : "accent"} className="history-play" onPress={() => player.toggle()}>
        {playing ? <PauseIcon size={14} /> : <PlayIcon size={14} />}
        {playing ? words.pause : words.play}
      </Button>
      <IconButton name={words.forward} isDisabled={version >= player.last} onPress={() => player.seek(version + 1)}>
        <ArrowIcon />
      </IconButton>
      <label className="history-speed">
        <span aria-hidden="true">{words.speed}</span>
        <select aria-label={words.speed} value={speed} onChange={(event) => player.setSpeed(Number(event.target.value))}>
          {speeds.map((n) => (
            <option key={n} value={n}>
              {words.times(n)}
            </option>
          ))}
        </select>
      </label>
      <Check checked={skipIdle} onChange={(on) => player.setSkipIdle(on)}>
        {words.skipIdle}
      </Check>
      <Check checked={follow} onChange={(on) => visit.follow.set(on)}>
        {words.follow}
      </Check>
    </div>
  );
}

function Check({ checked, onChange, children }: { readonly checked: boolean; readonly onChange: (on: boolean) => void; readonly children: string }): ReactNode {
  return (
    <label className="history-check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {children}
    </label>
  );
}

/** Who wrote: names with the colours and patterns of the timeline, and what the marks mean. */
export function Legend({ overview }: { readonly overview: Overview }): ReactNode {
  const words = useWords().history;
  const tongue = useStore(locale);
  const { people, runCount, gaps, runs } = overview;
  const number = (n: number): string => n.toLocaleString(tongue);
  const failed = runs.some(({ outcome, code }) => outcome !== undefined && (outcome !== "exited" || code !== 0));
  return (
    <ul className="history-legend" aria-label={words.writers}>
      {people.slice(0, 8).map(({ person, name, color, inserted, deleted }, i) => {
        const shown = person === "" ? words.others : name || words.somebody;
        return (
          <li key={person} title={words.wrote(shown, number(inserted), number(deleted))}>
            <i className={`swatch p${color} ${patterns[i % patterns.length]}`} aria-hidden="true" />
            {shown}
          </li>
        );
      })}
      {people.length > 8 ? <li>+ {people.length - 8}</li> : null}
      {runCount === 0 ? null : (
        <li>
          <i className="mark-run" aria-hidden="true" /> {words.runs(runCount)}
        </li>
      )}
      {failed ? (
        <li>
          <i className="mark-failed" aria-hidden="true">
            ×
          </i>{" "}
          {words.failedMark}
        </li>
      ) : null}
      {gaps.length === 0 ? null : (
        <li>
          <i className="mark-pause" aria-hidden="true" /> {words.pauseMark}
        </li>
      )}
    </ul>
  );
}
