/* oxlint-disable import/no-unassigned-import -- styles */
import type { ReactNode } from "react";
import { useStore } from "../../lib/store";
import { useSession } from "../context";
import { MicIcon, MicOffIcon } from "./icons";
import { preferVoice, voicePrefs } from "./prefs";
import { useVoiceWords } from "./voice-words";
import "./voice.css";

type Props = { readonly client: string; readonly person: string; readonly name: string };

/** How somebody is in voice, for the list of people: their microphone, and how loud they are for the user. Nothing, when they are not. */
export function PersonVoice({ client, person, name }: Props): ReactNode {
  const { voice } = useSession();
  const { person: w } = useVoiceWords();
  const entry = useStore(voice.people)?.people.find((p) => p.client === client);
  const speaking = useStore(voice.levels).has(client);
  const inside = useStore(voice.state).phase !== "out";
  const volume = useStore(voicePrefs).volumes[person] ?? 1;
  if (entry === undefined) return null;
  const off = entry.muted === true || entry.silent === true || entry.lost === true;
  const text = entry.silent === true ? w.silent : entry.lost === true ? w.lost : entry.muted === true ? w.muted : speaking ? w.speaking : w.in;
  return (
    <div className="person-voice" data-speaking={speaking || undefined}>
      <span className="person-voice-state">
        {off ? <MicOffIcon size={13} /> : <MicIcon size={13} />} {text}
      </span>
      {inside ? (
        <input
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={volume}
          aria-label={w.volume(name)}
          onChange={(event) => preferVoice({ volumes: { ...voicePrefs.get().volumes, [person]: event.target.valueAsNumber } })}
        />
      ) : null}
    </div>
  );
}
