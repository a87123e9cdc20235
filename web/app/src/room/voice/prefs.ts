import { recall, remember } from "../../lib/storage";
import { Store } from "../../lib/store";

/** What somebody has chosen about talking, in this browser. */
export type VoicePrefs = {
  /** The microphone; "" is the browser's own choice. */
  readonly input: string;
  /** Where others are heard; "" is the browser's own choice. */
  readonly output: string;
  /** Whether the microphone stays on, or is on while a key is held. */
  readonly mode: "open" | "push";
  readonly suppress: boolean;
  readonly echo: boolean;
  readonly gain: boolean;
  /** How loud others are, 0 to 1, by person. */
  readonly volumes: Readonly<Record<string, number>>;
};

const key = "voice";
const usual: VoicePrefs = { input: "", output: "", mode: "open", suppress: true, echo: true, gain: true, volumes: {} };

/** The choices. */
export const voicePrefs = new Store<VoicePrefs>(read());

/** Changes some of them. */
export function preferVoice(change: Partial<VoicePrefs>): void {
  voicePrefs.update((prefs) => ({ ...prefs, ...change }));
  remember(key, JSON.stringify(voicePrefs.get()));
}

function read(): VoicePrefs {
  try {
    const kept = JSON.parse(recall(key) ?? "{}") as Record<string, unknown>;
    const text = (name: "input" | "output"): string => (typeof kept[name] === "string" ? kept[name] : "");
    const flag = (name: "suppress" | "echo" | "gain"): boolean => kept[name] !== false;
    const volumes = typeof kept["volumes"] === "object" && kept["volumes"] !== null ? Object.entries(kept["volumes"]) : [];
    return {
      input: text("input"),
      output: text("output"),
      mode: kept["mode"] === "push" ? "push" : "open",
      suppress: flag("suppress"),
      echo: flag("echo"),
      gain: flag("gain"),
      volumes: Object.fromEntries(volumes.filter(([, volume]) => typeof volume === "number" && volume >= 0 && volume <= 1)),
    };
  } catch {
    return usual;
  }
}
