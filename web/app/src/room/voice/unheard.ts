import type { Microphone } from "./microphone";

const every = 100; // ms
const speaks = 0.35; // of the meter: well above a quiet room
const needed = 4; // times in a row
const stays = 2500; // ms after the last word

/** Notices that somebody speaks whose microphone is off. */
export class Unheard {
  private timer: ReturnType<typeof setInterval> | undefined;
  private said = false;

  constructor(private readonly tell: (speaks: boolean) => void) {}

  /** Watches a microphone that is muted; none: stops. */
  watch(mic: Microphone | undefined): void {
    clearInterval(this.timer);
    this.say(false);
    if (mic === undefined) return;
    let row = 0;
    let last = 0;
    this.timer = setInterval(() => {
      row = mic.level() > speaks ? row + 1 : 0;
      if (row >= needed) last = Date.now();
      this.say(Date.now() - last < stays);
    }, every);
  }

  private say(speaking: boolean): void {
    if (speaking === this.said) return;
    this.said = speaking;
    this.tell(speaking);
  }
}
