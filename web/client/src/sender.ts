import { Timer, type Clock } from "./clock";
import { backoff, type Connection } from "./connection";
import type { InFlight } from "./outcome";
import type { Replica } from "./replica";
import type { Saver } from "./saver";
import type * as wire from "./wire.gen";

/** What a sender works with. */
export type SenderOptions = {
  readonly replica: Replica;
  readonly connection: Connection;
  readonly saver: Saver;
  readonly clock: Clock;
  readonly random: () => number;
};

/**
 * Sends what is not confirmed, one batch at a time, each only after it is in the outbox: a batch that was sent and then
 * forgotten would be sent twice.
 */
export class Sender {
  /** What the server said when it told that the room takes no edits. */
  private closed: string | undefined;
  /** What it said when it did not take a batch for that reason. */
  private refusal: string | undefined;
  private target: number | undefined;
  private synced = false;
  private sent: InFlight | undefined;
  private retries = 0;
  private readonly retry: Timer;

  constructor(private readonly options: SenderOptions) {
    this.retry = new Timer(options.clock, () => this.send());
  }

  /** Why the room takes no edits, if so. */
  get readOnly(): string | undefined {
    return this.closed ?? this.refusal;
  }

  /** There is no connection now. */
  disconnected(): void {
    this.target = undefined;
    this.synced = false;
    this.sent = undefined;
    this.retry.cancel();
  }

  /** Joined; the events up to version are to come before anything is sent. */
  joined(version: number): void {
    this.disconnected();
    this.target = version;
  }

  /** Whether this client has, on this connection, everything that was in the log when it joined; true once only. */
  reached(): boolean {
    if (this.synced || this.target === undefined || this.options.replica.version < this.target) return false;
    this.synced = true;
    return true;
  }

  /** Whether messages other than batches may be sent. */
  get ready(): boolean {
    return this.synced;
  }

  /** The server tells whether the room takes edits. */
  writable(message: Omit<wire.WritableMessage, "t">): void {
    this.closed = message.ok ? undefined : (message.reason ?? this.options.replica.phrases().closed);
    if (message.ok) {
      this.refusal = undefined;
      if (this.retry.armed) this.sent = undefined;
      this.retry.cancel();
    }
    this.pump();
  }

  /** The batch in flight is confirmed, or refused for good. */
  done(): void {
    this.retries = 0;
    this.refusal = undefined;
    this.retry.cancel();
  }

  /** The batch in flight could not be taken now: the same again, later. */
  later(code: string, message: string): void {
    if (code === "read_only") this.refusal = message;
    this.retry.armOnce(backoff(this.retries++, this.options.random));
  }

  /** Sends if there is something to send and nothing in the way. */
  pump(): void {
    const replica = this.options.replica;
    if (!this.synced || this.retry.armed || replica.entries.length === 0) return;
    if (this.readOnly !== undefined) this.retry.arm(backoff(this.retries++, this.options.random));
    else if (replica.inFlight === undefined || replica.inFlight !== this.sent) this.send();
  }

  private send(): void {
    const { replica, connection, saver } = this.options;
    const flight = replica.inFlight ?? replica.next();
    if (flight === undefined || !this.synced) return;
    const { epoch } = connection;
    this.sent = flight;
    void saver.soonEnough().then(() => {
      if (epoch !== connection.epoch || !this.synced || replica.inFlight !== flight) return;
      const { seq, base, body } = flight;
      connection.send(JSON.stringify({ t: "batch", seq, base, body } satisfies wire.BatchMessage));
    });
  }
}
