import type { VoiceLine } from "@codecollab/client";
import { listen } from "../../lib/listen";
import { locale } from "../../words";
import type { Notes } from "../status/notes";
import type { VoiceState } from "./door";
import { Ears } from "./ears";
import { Microphone, NoMicrophone } from "./microphone";
import type { Path } from "./path";
import { voicePrefs, type VoicePrefs } from "./prefs";
import { SfuPath } from "./sfu";
import { Refused, ways } from "./signals";
import { Unheard } from "./unheard";
import { voiceWords } from "./voice-words";

/** One stay in voice: the microphone, what is heard, and the path between them and the others. */
export class Call {
  private path: Path | undefined;
  private mic: Microphone | undefined;
  private readonly ears: Ears;
  private readonly unheard = new Unheard((unheard) => this.tell({ unheard }));
  private muted = true;
  private held = false;
  private closed = false;
  private readonly ends: (() => void)[];

  constructor(
    private readonly line: VoiceLine,
    private readonly notes: Notes,
    private readonly tell: (change: Partial<VoiceState>) => void,
  ) {
    this.ears = new Ears((client) => line.people?.people.find((p) => p.client === client)?.person);
    let prefs = voicePrefs.get();
    this.ends = [
      listen(window, "online", () => this.path?.mend()),
      listen(window, "keyup", (event: KeyboardEvent) => {
        if (event.key === "Alt" || event.code === "KeyM") this.hold(false);
      }),
      listen(window, "blur", () => this.hold(false)),
      voicePrefs.subscribe(() => {
        const before = prefs;
        prefs = voicePrefs.get();
        this.preferred(before, prefs);
      }),
    ];
  }

  /** Goes into voice. What stands in the way is told to the user. */
  async start(): Promise<void> {
    try {
      const how = await ways(this.line);
      await this.openMicrophone();
      if (this.closed) return;
      const events = {
        through: (is: boolean): void => this.tell(is ? { phase: "in", muted: this.muted } : { phase: "lost" }),
        over: (error: unknown): void => this.fail(error),
      };
      const Way = how.engine === "livekit" ? (await import("./livekit")).LiveKitPath : SfuPath;
      if (this.closed) return;
      this.path = new Way(this.line, how, this.ears, () => this.muted, events);
      await this.path.open(this.mic?.track);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Answers the shortcut. */
  pressed(): void {
    if (voicePrefs.get().mode === "push") this.hold(true);
    else void this.mute(!this.muted);
  }

  /** Turns the microphone off or on; one that could not be opened is asked for again. */
  async mute(muted: boolean): Promise<void> {
    if (!muted && this.mic === undefined) await this.openMicrophone();
    if (this.closed || (!muted && this.mic === undefined)) return;
    this.muted = muted;
    if (this.mic !== undefined) this.mic.track.enabled = !muted;
    this.path?.mute(muted);
    this.unheard.watch(muted ? this.mic : undefined);
    this.tell({ muted, unheard: false });
  }

  /** Ends the call. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const end of this.ends) end();
    this.unheard.watch(undefined);
    this.path?.close();
    this.mic?.close();
    this.ears.close();
  }

  /** Talks for as long as a key is held. */
  private hold(on: boolean): void {
    if (on === this.held || (on && voicePrefs.get().mode !== "push")) return;
    this.held = on;
    void this.mute(!on);
  }

  private async openMicrophone(): Promise<void> {
    try {
      const mic = await Microphone.open(voicePrefs.get());
      if (this.closed) return mic.close();
      this.mic?.close();
      this.mic = mic;
      mic.track.enabled = !this.muted;
      mic.track.addEventListener("ended", () => void this.unplugged(mic));
      await this.path?.send(mic.track);
      this.unheard.watch(this.muted ? mic : undefined);
      this.tell({ mic: "on" });
    } catch (error) {
      if (!(error instanceof NoMicrophone)) throw error;
      this.tell({ mic: error.why });
    }
  }

  /** The microphone is gone: another one takes its place, if there is one. */
  private async unplugged(mic: Microphone): Promise<void> {
    if (this.closed || this.mic !== mic) return;
    this.mic = undefined;
    mic.close();
    await this.openMicrophone();
    if (this.mic === undefined) await this.mute(true);
  }

  private preferred(before: VoicePrefs, now: VoicePrefs): void {
    const other = (["input", "suppress", "echo", "gain"] as const).some((name) => before[name] !== now[name]);
    if (other && this.mic !== undefined) void this.openMicrophone();
    if (now.mode !== before.mode) void this.mute(true);
  }

  private fail(error: unknown): void {
    if (this.closed) return;
    this.close();
    this.tell({ phase: "out" });
    const w = voiceWords(locale.get());
    if (error instanceof Refused) this.notes.error(w.problems[error.code] ?? (error.message === "" ? w.failed : error.message));
    else {
      this.notes.error(w.failed);
      throw error;
    }
  }
}
