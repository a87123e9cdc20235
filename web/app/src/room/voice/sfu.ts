import { randomId, type VoiceLine, type VoiceNews, type wire } from "@codecollab/client";
import type { Ears } from "./ears";
import type { Path, PathEvents } from "./path";
import { offer, Refused, ways } from "./signals";

const again = 2000; // ms between attempts to get through on another way
const attempts = 15;

/** The way by this server: one WebRTC connection, which is mended when the network changes. */
export class SfuPath implements Path {
  private pc: RTCPeerConnection | undefined;
  private id = "";
  private microphone: MediaStreamTrack | undefined;
  private closed = false;
  private failures = 0;
  private mending: ReturnType<typeof setTimeout> | undefined;
  private readonly end: () => void;

  /** muted says whether the microphone is off at first, or when a call begins anew. */
  constructor(
    private readonly line: VoiceLine,
    private how: wire.VoiceWaysMessage,
    private readonly ears: Ears,
    private readonly muted: () => boolean,
    private readonly tell: PathEvents,
  ) {
    this.end = line.subscribe((news) => this.heard(news));
  }

  async open(microphone: MediaStreamTrack | undefined): Promise<void> {
    this.microphone = microphone;
    await this.dial();
  }

  async send(microphone: MediaStreamTrack): Promise<void> {
    this.microphone = microphone;
    await this.pc?.getTransceivers()[0]?.sender.replaceTrack(microphone);
  }

  mute(muted: boolean): void {
    this.line.send({ t: "voice_mute", muted });
  }

  mend(): void {
    if (this.closed || this.mending !== undefined) return;
    this.tell.through(false);
    this.mending = setTimeout(
      () => {
        this.mending = undefined;
        void this.tryAgain();
      },
      this.failures === 0 ? 0 : again,
    );
  }

  close(): void {
    this.closed = true;
    if (this.id !== "") this.line.send({ t: "voice_leave", call: this.id });
    clearTimeout(this.mending);
    this.end();
    this.hangUp();
  }

  /** Makes a connection: a section that sends, and the slots, so that nothing has to be agreed on again when people come and go. */
  private async dial(): Promise<void> {
    const { ice = [], slots, bitrate } = this.how;
    this.hangUp();
    const pc = new RTCPeerConnection({ iceServers: iceServers(ice), bundlePolicy: "max-bundle" });
    this.pc = pc;
    this.id = randomId();
    pc.addTransceiver(this.microphone ?? "audio", { direction: "sendonly", sendEncodings: [bitrate === undefined ? {} : { maxBitrate: bitrate }] });
    for (let slot = 0; slot < slots; slot++) pc.addTransceiver("audio", { direction: "recvonly" });
    pc.addEventListener("track", ({ transceiver, track }) => this.ears.add(transceiver.mid ?? "", track));
    pc.addEventListener("iceconnectionstatechange", () => this.moved(pc));
    await this.propose(pc, {});
  }

  private async propose(pc: RTCPeerConnection, options: RTCOfferOptions): Promise<void> {
    const local = await pc.createOffer(options);
    await pc.setLocalDescription(local);
    const { sdp } = await offer(this.line, { call: this.id, sdp: local.sdp ?? "", muted: this.muted() });
    if (this.pc === pc && pc.signalingState === "have-local-offer") await pc.setRemoteDescription({ type: "answer", sdp });
  }

  private get isThrough(): boolean {
    return ["connected", "completed"].includes(this.pc?.iceConnectionState ?? "");
  }

  private moved(pc: RTCPeerConnection): void {
    if (pc !== this.pc || this.closed) return;
    if (this.isThrough) {
      clearTimeout(this.mending);
      this.mending = undefined;
      this.failures = 0;
      this.tell.through(true);
    } else if (["disconnected", "failed"].includes(pc.iceConnectionState)) this.mend();
  }

  /** Looks for another way to the server: first for the call that goes on, then by a new one. */
  private async tryAgain(): Promise<void> {
    if (this.failures++ >= attempts) return this.over(new Refused("no_way", ""));
    const { pc } = this;
    try {
      if ((this.how.expires ?? Infinity) < Date.now() + 60_000) this.how = await ways(this.line);
      if (pc === undefined || this.failures > attempts / 3 || pc.signalingState !== "stable") await this.dial();
      else await this.propose(pc, { iceRestart: true });
    } catch (error) {
      if (error instanceof Refused && error.code === "no_call") this.hangUp();
      else if (!(error instanceof Refused) || !error.retry) return this.over(error);
    }
    if (this.closed) return;
    if (this.isThrough) this.tell.through(true);
    else this.mend();
  }

  private heard(news: VoiceNews): void {
    if (news.t === "voice_slots" && news.call === this.id) this.ears.see(news.slots);
    if (news.t !== "voice_ended" || news.call !== this.id || this.pc === undefined) return;
    if (news.retry !== true) return this.over(new Refused(news.code, news.message));
    this.hangUp();
    this.mend();
  }

  private over(error: unknown): void {
    if (!this.closed) this.tell.over(error);
  }

  private hangUp(): void {
    const { pc } = this;
    this.pc = undefined;
    pc?.close();
  }
}

/** ICE servers as the browser wants them. */
export function iceServers(ice: readonly wire.VoiceICE[]): RTCIceServer[] {
  return ice.map(({ urls, username, credential }) => ({
    urls: [...urls],
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }));
}
