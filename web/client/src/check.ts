import { Timer, type Clock } from "./clock";
import { hashOf } from "./hash";
import type { Replica } from "./replica";
import type * as wire from "./wire.gen";

/** Between two checks, in milliseconds. */
const pause = 5_000;
/** No edit for so long is idle, in milliseconds. */
const idle = 700;

/**
 * Asks now and then, when nothing is unsent and the room has gone quiet, whether the local texts are the server's.
 * Only what has changed since the last time is compared.
 */
export class DivergenceCheck {
  private readonly timer: Timer;
  private lastAsked: number;
  private lastActive = -Infinity;
  private readonly verified = new Map<string, number>();
  private asked: { version: number; files: Record<string, number> } | undefined;

  /** ask sends the message if it can be sent, and tells whether it was. */
  constructor(
    private readonly clock: Clock,
    private readonly replica: Replica,
    private readonly ask: (message: wire.CheckMessage) => boolean,
  ) {
    this.timer = new Timer(clock, () => this.due());
    this.lastAsked = clock.now();
  }

  /** Something in the texts has changed. */
  active(): void {
    this.lastActive = this.clock.now();
    this.timer.armOnce(Math.max(idle, this.lastAsked + pause - this.lastActive));
  }

  /** The server's answer; gives the files that differ, if it speaks of the texts as they still are. */
  answered(message: wire.CheckedMessage): readonly string[] {
    const { asked } = this;
    this.asked = undefined;
    if (asked === undefined || message.version !== asked.version || message.version !== this.replica.version) return [];
    for (const [file, hash] of Object.entries(asked.files)) {
      if (!message.diverged.includes(file)) this.verified.set(file, hash);
    }
    return message.diverged;
  }

  /** Stops asking. */
  stop(): void {
    this.timer.cancel();
  }

  private due(): void {
    const now = this.clock.now();
    const replica = this.replica;
    // In a room that is never quiet the answer is a matter of luck, but the question costs little.
    const busy = now - this.lastActive < idle && now - this.lastAsked < 4 * pause;
    if (replica.entries.length > 0) return; // its confirmation will be an activity
    if (busy) {
      this.timer.arm(idle);
      return;
    }
    const files: Record<string, number> = {};
    for (const [file, text] of replica.texts) {
      const hash = hashOf(text);
      if (this.verified.get(file) !== hash) files[file] = hash;
    }
    for (const file of this.verified.keys()) if (!replica.texts.has(file)) this.verified.delete(file);
    if (Object.keys(files).length === 0) return;
    this.lastAsked = now;
    const { version } = replica;
    if (this.ask({ t: "check", version, files })) this.asked = { version, files };
    else this.timer.arm(pause);
  }
}
