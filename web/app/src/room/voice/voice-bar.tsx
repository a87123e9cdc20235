/* oxlint-disable import/no-unassigned-import -- styles */
import { useState, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Button, IconButton } from "../../ui/button";
import { MenuPop } from "../../ui/pop";
import { ChevronIcon } from "../../ui/icons";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import type { VoiceState } from "./door";
import { HangUpIcon, MicIcon, MicOffIcon } from "./icons";
import { voicePrefs } from "./prefs";
import { useVoiceWords } from "./voice-words";
import "./voice.css";

/** Talking, in the header: a button to begin with, then the microphone and the way out. */
export function VoiceBar(): ReactNode {
  const { voice } = useSession();
  const w = useVoiceWords();
  const state = useStore(voice.state);
  const people = useStore(voice.people)?.people.length ?? 0;
  const online = useRoom((view) => view.connection === "online");
  if (state.phase !== "out") return <InVoice state={state} />;
  return (
    <IconButton className="voice-join" look={people === 0 ? "quiet" : "outline"} name={people === 0 ? w.join : w.joinWith(people)} keys="Alt+M" tip="bottom" isDisabled={!online} onPress={() => voice.join()}>
      <MicIcon />
      {people === 0 ? null : (
        <span className="voice-count" aria-hidden="true">
          {people}
        </span>
      )}
    </IconButton>
  );
}

function InVoice({ state }: { readonly state: VoiceState }): ReactNode {
  const { voice, client } = useSession();
  const w = useVoiceWords();
  const push = useStore(voicePrefs).mode === "push";
  const all = useStore(voice.people);
  const level = useStore(voice.levels).get(client.id) ?? 0;
  const silent = all?.people.some((p) => p.client === client.id && p.silent === true) === true;
  const busy = state.phase === "joining" || state.phase === "lost";
  const on = !state.muted && !silent && !busy;
  return (
    <fieldset className="voice-bar" aria-label={w.group} data-phase={state.phase}>
      <IconButton
        className={`voice-mic${on ? " on" : ""}`}
        name={push && state.mic === "on" ? w.hold : state.muted ? w.unmute : w.mute}
        keys="Alt+M"
        tip="bottom"
        aria-pressed={on}
        isDisabled={state.phase === "joining"}
        onPress={() => voice.mute(!state.muted)}
      >
        <span className="voice-ring" data-level={on ? level : 0}>
          {on ? <MicIcon /> : <MicOffIcon />}
        </span>
      </IconButton>
      <VoiceMenu />
      <IconButton className="voice-leave" name={w.leave} tip="bottom" onPress={() => voice.leave()}>
        <HangUpIcon />
      </IconButton>
      <Said text={saidOf(state, silent, push, all?.stale === true, w)} />
      <output className="hidden">{busy ? "" : on ? w.said.on : w.said.off}</output>
    </fieldset>
  );
}

function saidOf(state: VoiceState, silent: boolean, push: boolean, stale: boolean, w: ReturnType<typeof useVoiceWords>): string {
  if (state.phase === "joining") return w.joining;
  if (state.phase === "lost") return w.lost;
  if (silent) return w.silent;
  const mic = w.mic[state.mic];
  if (mic !== undefined) return mic;
  if (state.unheard) return push ? w.unheardPush : w.unheard;
  return stale ? w.stale : "";
}

/** What must not be overlooked; the user may close it, until it is something else. */
function Said({ text }: { readonly text: string }): ReactNode {
  const { frame } = useWords();
  const [closed, setClosed] = useState("");
  if (text === "" || text === closed) return null;
  return (
    <div className="voice-said">
      <output>{text}</output>
      <Button small look="quiet" onPress={() => setClosed(text)}>
        {frame.close}
      </Button>
    </div>
  );
}

function VoiceMenu(): ReactNode {
  const { voice } = useSession();
  const { people: w } = useWords();
  const { group } = useVoiceWords();
  return (
    <MenuPop
      label={group}
      renderButton={(trigger) => (
        <IconButton small className="voice-more" name={w.voice.settings} tip="bottom" {...trigger}>
          <ChevronIcon size={13} />
        </IconButton>
      )}
      entries={[
        { id: "settings", name: w.voice.settings },
        { id: "test", name: w.voice.test },
      ]}
      onAction={(id) => voice.asking.set(id === "test" ? "test" : "settings")}
    />
  );
}
