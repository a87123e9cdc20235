import { randomId, type VoiceLine, type VoiceNews, type wire } from "@codecollab/client";
import { locale } from "../../words";
import type { Notes } from "../status/notes";
import type { VoiceState } from "./door";
import { Ears } from "./ears";
import { Microphone, NoMicrophone } from "./microphone";
import { voicePrefs, type VoicePrefs } from "./prefs";
import { offer, Refused, ways } from "./signals";
import { Unheard } from "./unheard";
import { voiceWords } from "./voice-words";

const again = 2000; // ms between attempts to get through on another way
const attempts = 15;

/** One stay in voice: the microphone, what is heard, and the way to the server, which is mended when the network changes. */
export class Call {
  private pc: RTCPeerConnection | undefined;
  private id = "";
  private mic: Microphone | undefined;
  private ways: wire.VoiceWaysMessage | undefined;
  private readonly ears: Ears;
  private readonly unheard = new Unheard((unheard) => this.tell({ unheard }));
  private muted = true;
  private held = false;
  private closed = false;
  private failures = 0;
  private mending: ReturnType<typeof setTimeout> | undefined;
  private readonly ends: (() => void)[];

  constructor(
    private readonly line: VoiceLine,
    private readonly notes: Notes,
    private readonly tell: (change: Partial<VoiceState>) => void,
  ) {
    this.ears = new Ears((client) => line.people?.people.find((p) => p.client === client)?.person);
    let prefs = voicePrefs.get();
    this.ends = [
      line.subscribe((news) => this.heard(news)),
      listen(window, "online", () => this.mend()),
      listen(window, "keyup", (event: KeyboardEvent) => {
        if (this.held && (event.key === "Alt" || event.code === "KeyM")) this.hold(false);
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
      this.ways = await ways(this.line);
      if (this.ways.engine !== "sfu") throw new Refused("livekit", "");
      await this.openMicrophone();
      await this.dial(this.ways);
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
    this.line.send({ t: "voice_mute", muted });
    this.unheard.watch(muted ? this.mic : undefined);
    this.tell({ muted, unheard: false });
  }

  /** Ends the call. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.id !== "") this.line.send({ t: "voice_leave", call: this.id });
    clearTimeout(this.mending);
    for (const end of this.ends) end();
    this.unheard.watch(undefined);
    this.hangUp();
    this.mic?.close();
    this.ears.close();
  }

  /** Talks for as long as a key is held. */
  private hold(on: boolean): void {
    if (on === this.held || voicePrefs.get().mode !== "push") return;
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
      await this.sender()?.replaceTrack(mic.track);
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
    const { input, suppress, echo, gain } = now;
    const other = input !== before.input || suppress !== before.suppress || echo !== before.echo || gain !== before.gain;
    if (other && this.mic !== undefined) void this.openMicrophone();
    if (now.mode !== before.mode) void this.mute(true);
  }

  private sender(): RTCRtpSender | undefined {
    return this.pc?.getTransceivers()[0]?.sender;
  }

  /** Makes a connection: a section that sends, and the slots, so that nothing has to be agreed on again when people come and go. */
  private async dial({ ice = [], slots, bitrate }: wire.VoiceWaysMessage): Promise<void> {
    this.hangUp();
    const pc = new RTCPeerConnection({ iceServers: iceServers(ice), bundlePolicy: "max-bundle" });
    this.pc = pc;
    this.id = randomId();
    pc.addTransceiver(this.mic?.track ?? "audio", { direction: "sendonly", sendEncodings: [bitrate === undefined ? {} : { maxBitrate: bitrate }] });
    for (let slot = 0; slot < slots; slot++) pc.addTransceiver("audio", { direction: "recvonly" });
    pc.addEventListener("track", ({ transceiver, track }) => this.ears.add(transceiver.mid ?? "", track));
    pc.addEventListener("iceconnectionstatechange", () => this.moved(pc));
    await this.propose(pc, {});
  }

  private async propose(pc: RTCPeerConnection, options: RTCOfferOptions): Promise<void> {
    const local = await pc.createOffer(options);
    await pc.setLocalDescription(local);
    const { sdp } = await offer(this.line, { call: this.id, sdp: local.sdp ?? "", muted: this.muted });
    if (this.pc === pc && pc.signalingState === "have-local-offer") await pc.setRemoteDescription({ type: "answer", sdp });
  }

  private moved(pc: RTCPeerConnection): void {
    if (pc !== this.pc || this.closed) return;
    if (this.through()) {
      clearTimeout(this.mending);
      this.mending = undefined;
      this.failures = 0;
      this.tell({ phase: "in", muted: this.muted });
    } else if (["disconnected", "failed"].includes(pc.iceConnectionState)) this.mend();
  }

  /** Looks for another way to the server, until there is one: first for the call that goes on, then by a new one. */
  private mend(): void {
    if (this.closed || this.ways === undefined || this.mending !== undefined) return;
    this.tell({ phase: "lost" });
    this.mending = setTimeout(() => {
      this.mending = undefined;
      void this.tryAgain();
    }, this.failures === 0 ? 0 : again);
  }

  private async tryAgain(): Promise<void> {
    if (this.closed) return;
    if (this.failures++ >= attempts) return this.fail(new Refused("no_way", ""));
    const { pc } = this;
    try {
      if (this.ways === undefined || (this.ways.expires ?? Infinity) < Date.now() + 60_000) this.ways = await ways(this.line);
      if (pc === undefined || this.failures > attempts / 3 || pc.signalingState !== "stable") await this.dial(this.ways);
      else await this.propose(pc, { iceRestart: true });
    } catch (error) {
      if (error instanceof Refused && error.code === "no_call") this.hangUp();
      else if (!(error instanceof Refused) || !error.retry) return this.fail(error);
    }
    if (this.through()) this.tell({ phase: "in", muted: this.muted });
    else this.mend();
  }

  private through(): boolean {
    return ["connected", "completed"].includes(this.pc?.iceConnectionState ?? "");
  }

  private heard(news: VoiceNews): void {
    if (news.t === "voice_slots" && news.call === this.id) this.ears.see(news.slots);
    if (news.t !== "voice_ended" || news.call !== this.id || this.pc === undefined) return;
    if (news.retry !== true) return this.fail(new Refused(news.code, news.message));
    this.hangUp();
    this.mend();
  }

  private hangUp(): void {
    const { pc } = this;
    this.pc = undefined;
    pc?.close();
  }

  private fail(error: unknown): void {
    if (this.closed) return;
    this.close();
    this.tell({ phase: "out" });
    const w = voiceWords(locale.get());
    const said = error instanceof Refused ? (w.problems[error.code] ?? error.message) : "";
    this.notes.error(said === "" ? w.failed : said);
    if (said === "" && !(error instanceof Refused)) throw error;
  }
}

/** ICE servers as the browser wants them. */
export function iceServers(ice: readonly wire.VoiceICE[]): RTCIceServer[] {
  return ice.map(({ urls, username, credential }) => ({ urls: [...urls], ...(username === undefined ? {} : { username }), ...(credential === undefined ? {} : { credential }) }));
}

function listen<E extends Event>(target: EventTarget, type: string, f: (event: E) => void): () => void {
  const listener = (event: Event): void => f(event as E);
  target.addEventListener(type, listener);
  return () => target.removeEventListener(type, listener);
}
