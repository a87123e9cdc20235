import type { VoiceNews, wire } from "@codecollab/client";
import { Store } from "../../lib/store";
import type { RoomSession } from "../session";
import type { Call } from "./call";

/** How the microphone is: heard, not opened, or why it cannot be. */
export type Mic = "on" | "none" | "denied" | "missing" | "insecure" | "failed";

/** Where the user is with talking. */
export type VoiceState = {
  /** "lost": the way to the server is gone, and comes back by itself. */
  readonly phase: "out" | "joining" | "in" | "lost";
  readonly muted: boolean;
  readonly mic: Mic;
  /** The user speaks and is muted. */
  readonly unheard: boolean;
};

const out: VoiceState = { phase: "out", muted: true, mic: "none", unheard: false };
const nobody: ReadonlyMap<string, number> = new Map();

/** The way to talking in the room. It is small, since every room has it at once; what makes calls is loaded with the first. */
export class VoiceDoor {
  /** Who is in voice; undefined where there is no voice. */
  readonly people = new Store<wire.VoicePeopleMessage | undefined>(undefined);
  /** Who speaks, by client id, and how loud: 1 to 5. */
  readonly levels = new Store(nobody);
  readonly state = new Store<VoiceState>(out);
  /** What dialog is open. */
  readonly asking = new Store<"settings" | "test" | undefined>(undefined);
  private call: Call | undefined;
  private readonly end: () => void;

  constructor(private readonly session: RoomSession) {
    this.end = session.client.voice.subscribe((news) => this.heard(news));
  }

  /** The user's own entry among those in voice. */
  me(): wire.VoicePerson | undefined {
    return this.people.get()?.people.find(({ client }) => client === this.session.client.id);
  }

  /** Goes into voice, muted. */
  join(): void {
    if (this.state.get().phase !== "out" || this.people.get() === undefined) return;
    this.state.set({ ...out, phase: "joining" });
    import("./call").then(
      ({ Call: Loaded }) => {
        if (this.state.get().phase !== "joining") return;
        this.call = new Loaded(this.session.client.voice, this.session.notes, (change) => this.change(change));
        void this.call.start();
      },
      () => this.change({ phase: "out" }),
    );
  }

  /** Ends the call. */
  leave(): void {
    this.call?.close();
    this.change({ phase: "out" });
  }

  /** The shortcut: into voice, or the microphone on or off; to talk while it is held, where the user has chosen that. */
  pressed(): void {
    if (this.state.get().phase === "out") this.join();
    else this.call?.pressed();
  }

  /** Turns the microphone on or off. */
  mute(muted: boolean): void {
    void this.call?.mute(muted);
  }

  /** Leaves the room. */
  close(): void {
    this.end();
    this.call?.close();
  }

  private change(change: Partial<VoiceState>): void {
    if (change.phase === "out") {
      this.call = undefined;
      this.levels.set(nobody);
      this.state.set(out);
    } else this.state.update((state) => ({ ...state, ...change }));
  }

  private heard(news: VoiceNews): void {
    if (news.t === "voice_people") this.people.set(news);
    if (news.t === "voice_levels") this.levels.set(new Map(news.people.map(({ client, level }) => [client, level])));
  }
}
