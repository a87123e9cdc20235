import type * as wire from "./wire.gen";

/** What a client says about voice. */
export type VoiceRequest = wire.VoiceAskMessage | wire.VoiceOfferMessage | wire.VoiceMuteMessage | wire.VoiceLeaveMessage;

/** What the server tells of voice. */
export type VoiceNews =
  | wire.VoiceWaysMessage
  | wire.VoiceAnswerMessage
  | wire.VoiceRefusedMessage
  | wire.VoiceEndedMessage
  | wire.VoicePeopleMessage
  | wire.VoiceSlotsMessage
  | wire.VoiceLevelsMessage;

type OnNews = (news: VoiceNews) => void;

/** The part of a room's connection that is about talking. Calls themselves (WebRTC) are the page's. */
export class VoiceLine {
  /** Who is in voice, as last heard; undefined where there is no voice, and while there is no connection yet. */
  people: wire.VoicePeopleMessage | undefined;
  private readonly listeners = new Set<OnNews>();

  constructor(private readonly post: (message: VoiceRequest) => boolean) {}

  /** Says something to the server; false when there is no connection, and then it is not sent later either. */
  send(message: VoiceRequest): boolean {
    return this.post(message);
  }

  /** Calls f with all that the server tells of voice; the answer ends it. */
  subscribe(f: OnNews): () => void {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  }

  /** Something has come. */
  handle(news: VoiceNews): void {
    if (news.t === "voice_people") this.people = news;
    for (const f of this.listeners) f(news);
  }
}
