/* oxlint-disable import/no-unassigned-import -- styles */
import { useEffect, useId, useState, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { useSession } from "../context";
import { Microphone, NoMicrophone } from "./microphone";
import { preferVoice, voicePrefs, type VoicePrefs } from "./prefs";
import { useVoiceWords } from "./voice-words";
import "./voice.css";

type Devices = { readonly inputs: readonly MediaDeviceInfo[]; readonly outputs: readonly MediaDeviceInfo[] };

/** Which devices, when one is heard, and how the sound is cleaned. */
export function VoiceSettings({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { voice } = useSession();
  const w = useVoiceWords().settings;
  const prefs = useStore(voicePrefs);
  const { level, problem, inputs, outputs } = useMicrophone(prefs);
  return (
    <Dialog title={w.title} onClose={onClose}>
      <div className="voice-settings">
        <Device label={w.input} devices={inputs} chosen={prefs.input} onPick={(input) => preferVoice({ input })} />
        <Meter level={level} problem={problem} />
        {"setSinkId" in HTMLMediaElement.prototype ? <Device label={w.output} devices={outputs} chosen={prefs.output} onPick={(output) => preferVoice({ output })} /> : null}
        <fieldset>
          <legend>{w.mode}</legend>
          {(["open", "push"] as const).map((mode) => (
            <label key={mode} className="voice-choice">
              <input type="radio" name="mode" checked={prefs.mode === mode} onChange={() => preferVoice({ mode })} />
              <span>{w.modes[mode]}</span>
            </label>
          ))}
        </fieldset>
        <fieldset>
          <legend>{w.clean}</legend>
          {(["suppress", "echo", "gain"] as const).map((flag) => (
            <label key={flag} className="voice-choice">
              <input type="checkbox" checked={prefs[flag]} onChange={(event) => preferVoice({ [flag]: event.target.checked })} />
              <span>{w[flag]}</span>
            </label>
          ))}
        </fieldset>
        <p className="hint">{w.privacy}</p>
      </div>
      <div className="dialog-actions">
        <Button onPress={() => voice.asking.set("test")}>{w.test}</Button>
        <Button look="accent" onPress={onClose}>
          {w.done}
        </Button>
      </div>
    </Dialog>
  );
}

type DeviceProps = { readonly label: string; readonly devices: readonly MediaDeviceInfo[]; readonly chosen: string; readonly onPick: (id: string) => void };

function Device({ label, devices, chosen, onPick }: DeviceProps): ReactNode {
  const w = useVoiceWords().settings;
  const known = devices.filter(({ deviceId }) => deviceId !== "" && deviceId !== "default");
  return (
    <label className="voice-device">
      <span className="label">{label}</span>
      <select className="input" value={known.some(({ deviceId }) => deviceId === chosen) ? chosen : ""} onChange={(event) => onPick(event.target.value)}>
        <option value="">{w.usual}</option>
        {known.map(({ deviceId, label: name }, i) => (
          <option key={deviceId} value={deviceId}>
            {name === "" ? w.unnamed(i + 1) : name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Meter({ level, problem }: { readonly level: number; readonly problem: string }): ReactNode {
  const w = useVoiceWords();
  const id = useId();
  if (problem !== "") {
    return (
      <p className="problem" role="alert">
        {w.mic[problem]}
      </p>
    );
  }
  return (
    <div className="voice-meter">
      <meter aria-labelledby={id} min={0} max={1} value={level} />
      <p className="hint" id={id}>
        {w.settings.try}
      </p>
    </div>
  );
}

type Listening = Devices & { readonly level: number; readonly problem: string };

/** The chosen microphone, which is open while this is shown: its level, why there is none, and the devices that there are. */
function useMicrophone({ input, suppress, echo, gain }: VoicePrefs): Listening {
  const [level, setLevel] = useState(0);
  const [problem, setProblem] = useState("");
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  useEffect(() => {
    let mic: Microphone | undefined;
    let gone = false;
    // Browsers name devices only after a microphone was opened.
    const look = (): void => void navigator.mediaDevices?.enumerateDevices().then(setDevices, () => undefined);
    Microphone.open({ ...voicePrefs.get(), input, suppress, echo, gain }).then(
      (open) => {
        if (gone) return open.close();
        mic = open;
        setProblem("");
        look();
      },
      (error: unknown) => setProblem(error instanceof NoMicrophone ? error.why : "failed"),
    );
    const timer = setInterval(() => setLevel(Math.round((mic?.level() ?? 0) * 50) / 50), 60);
    navigator.mediaDevices?.addEventListener("devicechange", look);
    return () => {
      gone = true;
      clearInterval(timer);
      navigator.mediaDevices?.removeEventListener("devicechange", look);
      mic?.close();
    };
  }, [input, suppress, echo, gain]);
  return { level, problem, inputs: devices.filter(({ kind }) => kind === "audioinput"), outputs: devices.filter(({ kind }) => kind === "audiooutput") };
}
