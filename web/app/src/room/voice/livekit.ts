import { randomId, type VoiceLine, type wire } from "@codecollab/client";
import { ConnectionError, DisconnectReason, LocalAudioTrack, type LocalTrack, Room, RoomEvent, setLogLevel, Track, type Participant } from "livekit-client";
import type { Ears } from "./ears";
import type { Path, PathEvents } from "./path";
import { Refused, ways } from "./signals";

const again = 2000; // ms between attempts to come in anew
const attempts = 15;

/** The way by a LiveKit server. Its client mends what it can; what it gives up is begun anew here, with another token. */
export class LiveKitPath implements Path {
  private room: Room | undefined;
  private microphone: MediaStreamTrack | undefined;
  private sent: LocalAudioTrack | undefined;
  private doing = Promise.resolve();
  private closed = false;
  private failures = 0;
  private mending: ReturnType<typeof setTimeout> | undefined;
  private readonly id = randomId();
  private readonly end: () => void;

  /** muted says whether the microphone is off now. */
  constructor(
    private readonly line: VoiceLine,
    private how: wire.VoiceWaysMessage,
    private readonly ears: Ears,
    private readonly muted: () => boolean,
    private readonly tell: PathEvents,
  ) {
    setLogLevel("error");
    this.end = line.subscribe((news) => {
      if (news.t === "voice_people") this.see(); // who somebody is, and so how loud, may be known only now
    });
  }

  async open(microphone: MediaStreamTrack | undefined): Promise<void> {
    this.microphone = microphone;
    await this.dial();
  }

  async send(microphone: MediaStreamTrack): Promise<void> {
    this.microphone = microphone;
    await this.publish();
  }

  mute(muted: boolean): void {
    void this.publish().then(() => this.line.send({ t: "voice_mute", muted }));
  }

  mend(): void {
    // What is connected, or is being connected again, looks for other ways by itself.
    if (this.closed || this.mending !== undefined || this.room !== undefined) return;
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
    clearTimeout(this.mending);
    this.end();
    void this.hangUp();
    this.line.send({ t: "voice_leave", call: this.id });
  }

  private async dial(): Promise<void> {
    const { livekit, bitrate } = this.how;
    if (livekit === undefined) throw new Refused("livekit", "");
    await this.hangUp();
    const room = new Room({
      // The microphone is the call's, which turns it off at its end.
      stopLocalTrackOnUnpublish: false,
      publishDefaults: { dtx: true, red: true, stopMicTrackOnMute: false, ...(bitrate === undefined ? {} : { audioPreset: { maxBitrate: bitrate } }) },
    });
    this.room = room;
    this.follow(room);
    try {
      await room.connect(livekit.url, livekit.token);
    } catch (error) {
      if (this.room === room) await this.hangUp();
      throw error instanceof ConnectionError ? new Refused("livekit", "", true) : error;
    }
    if (this.closed || this.room !== room) return void room.disconnect(false);
    await this.publish();
    this.line.send({ t: "voice_mute", muted: this.muted() });
    this.through(room, true);
  }

  private follow(room: Room): void {
    const own = ({ identity }: Participant): boolean => identity === room.localParticipant.identity;
    room
      .on(RoomEvent.TrackSubscribed, (track, _publication, { identity }) => {
        if (track.kind !== Track.Kind.Audio) return;
        this.ears.add(identity, track.mediaStreamTrack);
        this.see();
      })
      .on(RoomEvent.TrackUnsubscribed, (track, _publication, { identity }) => this.ears.drop(identity, track.mediaStreamTrack))
      .on(RoomEvent.ActiveSpeakersChanged, (speakers) => this.loud(speakers))
      .on(RoomEvent.ParticipantPermissionsChanged, (_before, who) => {
        if (own(who)) void this.publish();
      })
      .on(RoomEvent.SignalReconnecting, () => this.through(room, false))
      .on(RoomEvent.Reconnecting, () => this.through(room, false))
      .on(RoomEvent.Reconnected, () => this.through(room, true))
      .on(RoomEvent.Disconnected, (reason) => this.ended(room, reason));
  }

  private through(room: Room, is: boolean): void {
    if (this.closed || this.room !== room) return;
    if (is) this.failures = 0;
    this.tell.through(is);
  }

  private ended(room: Room, reason: DisconnectReason | undefined): void {
    if (this.closed || this.room !== room) return;
    this.room = undefined;
    this.sent = undefined;
    if (reason === DisconnectReason.DUPLICATE_IDENTITY) return this.tell.over(new Refused("replaced", ""));
    this.mend(); // also whom the server has put out: it then says why
  }

  /** Comes in anew. */
  private async tryAgain(): Promise<void> {
    if (this.failures++ >= attempts) return this.over(new Refused("no_way", ""));
    try {
      this.how = await ways(this.line);
      await this.dial();
    } catch (error) {
      if (!(error instanceof Refused) || !error.retry) return this.over(error);
      this.mend();
    }
  }

  /** Makes what is sent as it should be: this microphone, on or off; nothing, while the user may not be heard. One after the other. */
  private publish(): Promise<void> {
    this.doing = this.doing.then(() => this.publishNow()).catch((error: unknown) => this.unsent(error));
    return this.doing;
  }

  private async publishNow(): Promise<void> {
    const { room, microphone } = this;
    if (room === undefined || microphone === undefined || room.localParticipant.permissions?.canPublish !== true) return;
    const there = room.localParticipant.getTrackPublication(Track.Source.Microphone)?.track;
    if (there === undefined || there !== this.sent) {
      this.sent = new LocalAudioTrack(microphone, undefined, true);
      if (this.muted()) await this.sent.mute();
      await room.localParticipant.publishTrack(this.sent as LocalTrack, { source: Track.Source.Microphone });
    } else if (this.sent.mediaStreamTrack !== microphone) await this.sent.replaceTrack(microphone, true);
    if (this.muted()) await this.sent.mute();
    else await this.sent.unmute();
  }

  /** Something was in the way of the microphone. A path that is lost meanwhile begins anew, and publishes then. */
  private unsent(error: unknown): void {
    const { room } = this;
    if (!this.closed && room?.state === "connected" && room.localParticipant.permissions?.canPublish === true) this.over(error);
  }

  private loud(speakers: readonly Participant[]): void {
    const people = speakers.map(({ identity, audioLevel }) => ({ client: identity, level: Math.min(5, Math.max(1, Math.ceil(5 * Math.sqrt(audioLevel)))) }));
    this.line.handle({ t: "voice_levels", people });
  }

  private see(): void {
    this.ears.see([...(this.room?.remoteParticipants.keys() ?? [])].map((client) => ({ mid: client, client })));
  }

  private over(error: unknown): void {
    if (!this.closed) this.tell.over(error);
  }

  private async hangUp(): Promise<void> {
    const { room } = this;
    this.room = undefined;
    this.sent = undefined;
    await room?.disconnect(false);
  }
}
