import type { wire } from "@codecollab/client";
import { voicePrefs } from "./prefs";

/** Where others are heard: an element of the page for each of the call's slots, as loud as the user likes whoever is in it. */
export class Ears {
  private readonly elements = new Map<string, HTMLAudioElement>();
  private slots: readonly wire.VoiceSlot[] = [];
  private readonly unsubscribe = voicePrefs.subscribe(() => this.tune());

  /** personOf gives the person of a client id. */
  constructor(private readonly personOf: (client: string) => string | undefined) {}

  /** What is received in a slot is played from now on. */
  add(mid: string, track: MediaStreamTrack): void {
    const element = new Audio();
    element.srcObject = new MediaStream([track]);
    this.elements.set(mid, element);
    this.tune();
    // A page that nobody has touched may not play; the user has pressed a button to be here.
    element.play().catch(() => undefined);
  }

  /** What was received in a slot is over. */
  drop(mid: string, track: MediaStreamTrack): void {
    const element = this.elements.get(mid);
    if (element === undefined || !(element.srcObject instanceof MediaStream) || !element.srcObject.getTracks().includes(track)) return;
    element.pause();
    element.srcObject = null;
    this.elements.delete(mid);
  }

  /** Somebody else is heard in some slots. */
  see(slots: readonly wire.VoiceSlot[]): void {
    this.slots = slots;
    this.tune();
  }

  /** Hears no more. */
  close(): void {
    this.unsubscribe();
    for (const element of this.elements.values()) {
      element.pause();
      element.srcObject = null;
    }
    this.elements.clear();
  }

  private tune(): void {
    const { volumes, output } = voicePrefs.get();
    for (const [mid, element] of this.elements) {
      const client = this.slots.find((slot) => slot.mid === mid)?.client;
      const person = client === undefined ? undefined : this.personOf(client);
      element.volume = person === undefined ? 1 : (volumes[person] ?? 1);
      if ("setSinkId" in element && element.sinkId !== output) element.setSinkId(output).catch(() => undefined); // it may be unplugged
    }
  }
}
