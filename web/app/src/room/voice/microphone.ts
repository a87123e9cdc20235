import type { Mic } from "./door";
import type { VoicePrefs } from "./prefs";

/** Quieter than this, in dB below full scale, nobody speaks; and the loudest that the meter shows. */
const quiet = -55;
const loud = -12;

/** Why a microphone could not be opened. */
export class NoMicrophone extends Error {
  constructor(readonly why: Exclude<Mic, "on" | "none">) {
    super(`no microphone: ${why}`);
  }
}

/** An open microphone. What is sent can be muted; its level is known all the same. */
export class Microphone {
  private readonly analyser: AnalyserNode;
  private readonly samples: Float32Array<ArrayBuffer>;

  private constructor(
    /** What is sent. */
    readonly track: MediaStreamTrack,
    private readonly listening: MediaStreamTrack,
    private readonly context: AudioContext,
  ) {
    this.analyser = new AnalyserNode(context, { fftSize: 1024 });
    this.samples = new Float32Array(new ArrayBuffer(this.analyser.fftSize * 4));
    new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([listening]) }).connect(this.analyser);
  }

  /** Asks the browser for the microphone, which may ask the user. It begins muted. Rejects with NoMicrophone. */
  static async open(prefs: VoicePrefs): Promise<Microphone> {
    // Pages that did not come by HTTPS have none.
    if (!("mediaDevices" in navigator)) throw new NoMicrophone("insecure");
    const wish: MediaTrackConstraints = { echoCancellation: prefs.echo, noiseSuppression: prefs.suppress, autoGainControl: prefs.gain, channelCount: 1 };
    const [track] = (await ask(prefs.input === "" ? wish : { ...wish, deviceId: { ideal: prefs.input } })).getAudioTracks();
    if (track === undefined) throw new NoMicrophone("missing");
    const listening = track.clone();
    track.enabled = false;
    const context = new AudioContext();
    return new Microphone(track, listening, context);
  }

  /** How loud it is now, 0 to 1. */
  level(): number {
    this.analyser.getFloatTimeDomainData(this.samples);
    let sum = 0;
    for (const sample of this.samples) sum += sample * sample;
    const db = 10 * Math.log10(sum / this.samples.length + 1e-12);
    return Math.min(1, Math.max(0, (db - quiet) / (loud - quiet)));
  }

  /** Turns it off for the browser, too. */
  close(): void {
    this.track.stop();
    this.listening.stop();
    void this.context.close();
  }
}

async function ask(audio: MediaTrackConstraints): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "NotAllowedError" || name === "SecurityError") throw new NoMicrophone("denied");
    throw new NoMicrophone(name === "NotFoundError" || name === "OverconstrainedError" ? "missing" : "failed");
  }
}
