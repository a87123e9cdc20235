import type { DivergenceCheck } from "./check";
import type { Connection } from "./connection";
import type { Keeper } from "./keeper";
import { pieces } from "./limits";
import { toRole } from "./members";
import { parseFrame } from "./messages";
import type { Verdict } from "./outcome";
import type { Presence } from "./presence";
import type { Replica } from "./replica";
import type { Sender } from "./sender";
import type { RoomView } from "./types";
import type { VoiceLine } from "./voice";
import { PROTOCOL, PROTOCOL_OLDEST } from "./wire.gen";
import type * as wire from "./wire.gen";

/** What a conversation works with. */
export type ConversationOptions = {
  readonly room: string;
  readonly key: string | undefined;
  readonly replica: Replica;
  readonly connection: Connection;
  readonly sender: Sender;
  readonly presence: Presence;
  readonly check: DivergenceCheck;
  readonly keeper: Keeper;
  readonly voice: VoiceLine;
  readonly profile: Profile;
  readonly freshId: () => string;
  readonly idChanged: (client: string) => void;
  /** Something that the view shows may have changed, and the caret may have to be told anew. */
  readonly moved: () => void;
  readonly notice: (text: string) => void;
  readonly brought: (session: string) => void;
  readonly report: (kind: string, detail: string) => void;
};

type Profile = { readonly name: string; readonly color: number };
type Info = Pick<RoomView, "error" | "serverBuild" | "person" | "role" | "key" | "session" | "limits">;

const none: readonly never[] = [];

/** Refusals of what is no batch that the user is told of, besides those that something is not there. */
const spoken: ReadonlySet<string> = new Set(["input_full", "view_only", "locked", "not_runner"]);

/** Says what docs/protocol.md has a client say, and acts on what the server answers. */
export class Conversation {
  /** What the server has told of this connection and its person. */
  info: Info = {};
  /** The server will not have this client, for a reason that waiting does not change. */
  refused = false;
  /** The session of the person has ended: nothing is sent until they have signed in again. */
  signedOut = false;
  /** An owner has to let the person in first. */
  isWaiting = false;
  /** Who waits to be let in, for owners. */
  knocks: readonly wire.Knock[] = none;
  /** There was no such room when last asked. */
  isMissing = false;
  /** How often the state had to be repaired. */
  repairs = 0;
  private needsSnapshot = false;
  private profile: Profile;
  private readonly stops = new Set<number>();
  /** What was typed into terminals and is not sent. */
  private keys: wire.InputMessage[] = [];
  /** Whether the last client id was taken, too: then another one is no help. */
  private idTaken = false;

  constructor(private readonly o: ConversationOptions) {
    this.profile = o.profile;
  }

  /** The connection is open. */
  opened(): void {
    const { replica, connection } = this.o;
    if (!connection.moving) this.keys = [];
    const resume = replica.loaded && !this.needsSnapshot;
    const flight = replica.inFlight;
    this.send({
      t: "join",
      protocol: PROTOCOL,
      oldest: PROTOCOL_OLDEST,
      client: replica.client,
      ...this.profile,
      ...(this.o.key === undefined ? {} : { key: this.o.key }),
      ...(resume ? { resume: replica.version } : {}),
      ...(flight !== undefined && flight.client === replica.client ? { seq: flight.seq } : {}),
    });
  }

  /** A frame has come. */
  frame(text: string): void {
    const { connection } = this.o;
    const { epoch } = connection;
    try {
      for (const message of parseFrame(text)) {
        this.message(message);
        if (epoch !== connection.epoch || connection.state === "offline") return; // it was given up
      }
    } catch (error) {
      this.repair("frame", String(error));
    }
  }

  /** HTTP says that there is no such room. */
  missing(): void {
    this.isMissing = true;
    this.o.moved();
  }

  /** The person's session has ended. What is not sent stays where it is, and waits. */
  leave(): void {
    this.signedOut = true;
    this.o.connection.stop();
    this.o.moved();
  }

  /** Something has been done about a refusal: asks again. */
  again(): void {
    this.refused = false;
    const { error: _, ...info } = this.info;
    this.info = info;
    this.o.connection.start();
    this.o.moved();
  }

  /** The person is signed in again. */
  comeBack(): void {
    this.signedOut = false;
    this.o.connection.start();
  }

  /** Asks for a run to be ended. */
  stop(run: number): void {
    this.stops.add(run);
    if (this.o.sender.ready) this.send({ t: "stop", run });
  }

  /**
   * Types into a run's terminal. Without a connection it is lost, as keys are: nobody sees what they would answer. During a
   * move, which nobody sees either, it waits.
   */
  input(run: number, data: string): boolean {
    const { sender, connection } = this.o;
    if (!sender.ready && !connection.moving) return false;
    for (const part of pieces(data)) this.keys.push({ t: "input", run, data: part });
    if (sender.ready) this.type();
    return true;
  }

  private type(): void {
    for (const message of this.keys) this.send(message);
    this.keys = [];
  }

  /** Gives a run's terminal another size. */
  resize(run: number, size: wire.Size): void {
    if (this.o.sender.ready) this.send({ t: "resize", run, ...size });
  }

  /** Asks everybody to come here. */
  bring(): void {
    if (this.o.sender.ready) this.send({ t: "bring" });
  }

  /** Tells another name or colour. */
  setProfile(profile: Profile): void {
    this.profile = profile;
    if (this.o.sender.ready) this.send({ t: "profile", ...profile });
  }

  private send(message: wire.ClientMessage): void {
    this.o.connection.send(JSON.stringify(message));
  }

  private message(message: wire.ServerMessage): void {
    const { replica, presence, sender, check } = this.o;
    switch (message.t) {
      case "event":
        this.judge(replica.event(message));
        break;
      case "catchup":
        this.judge(replica.catchup(message));
        break;
      case "joined":
        this.joined(message);
        break;
      case "ack":
        this.acknowledged(message);
        break;
      case "presence":
        presence.message(message);
        break;
      case "output":
        replica.committed.runs.output(message);
        break;
      case "run":
        replica.committed.runs.state(message);
        break;
      case "terminal":
        replica.committed.runs.resized(message);
        break;
      case "writable":
        sender.writable(message);
        break;
      case "checked": {
        const diverged = check.answered(message);
        if (diverged.length > 0) this.repair("diverged", `${diverged.join(", ")} at version ${message.version}`);
        break;
      }
      case "bring":
        this.o.brought(message.session);
        break;
      case "waiting":
        this.waits(message);
        break;
      case "knocks":
        this.knocks = message.people;
        break;
      case "voice_ways":
      case "voice_answer":
      case "voice_refused":
      case "voice_ended":
      case "voice_slots":
      case "voice_levels":
        this.o.voice.handle(message);
        return; // nothing that the view shows
      case "voice_people":
        this.o.voice.handle(message);
        break;
      case "error":
        this.failed(message);
        break;
      case "bye":
        if (message.reason === "moving") this.o.connection.move();
        else this.o.connection.comeBackAfter(message.retry);
        break;
      case "pong":
        return; // it was heard, and that is all it is for
      default:
        message satisfies never;
    }
    this.o.moved();
  }

  /** The connection is good, and what comes next on it is the answer to the join, whenever an owner says so. */
  private waits({ heartbeat }: wire.WaitingMessage): void {
    this.isWaiting = true;
    this.knocks = none;
    this.isMissing = false;
    this.o.connection.joined(heartbeat);
  }

  private judge(verdict: Verdict): void {
    const { replica, sender, keeper } = this.o;
    if (verdict.kind === "resync") this.repair("resync", verdict.detail);
    else if (verdict.kind === "collision") this.collided(verdict.detail);
    if (verdict.kind !== "applied") return;
    keeper.confirmed();
    if (replica.inFlight === undefined) sender.done();
    this.proceed();
  }

  private joined(message: wire.JoinedMessage): void {
    const { replica, connection, sender, presence, check } = this.o;
    this.isMissing = false;
    this.idTaken = false;
    this.isWaiting = false;
    this.knocks = none;
    this.info = {
      serverBuild: message.server,
      person: message.person,
      role: toRole(message.role) ?? "editor",
      ...(message.key === undefined || message.key === "" ? {} : { key: message.key }),
      session: message.session,
      limits: message.limits,
    };
    if (message.seq > replica.seq && replica.entries.length > 0) {
      this.collided(`batch ${message.seq} of this client id is in the log, and the last one known is ${replica.seq}`);
      return;
    }
    replica.seq = Math.max(replica.seq, message.seq);
    if (message.snapshot !== undefined) {
      replica.snapshot(message.snapshot, message.seq);
      this.needsSnapshot = false;
      this.o.keeper.confirmed();
      check.active();
    } else if (!replica.loaded || this.needsSnapshot) {
      throw new Error("joined without resume, and no snapshot came");
    }
    presence.joined(message.session);
    replica.committed.runs.live(message.live ?? []);
    connection.joined(message.heartbeat);
    sender.joined(message.version);
    sender.writable(message.writable);
    this.proceed();
  }

  /** Sends what waits, as soon as everything is here that was in the log when this connection began. */
  private proceed(): void {
    const { replica, sender } = this.o;
    if (sender.reached()) {
      // What was in flight under a former id has not come among the events: it is not in the log.
      if (replica.inFlight !== undefined && replica.inFlight.client !== replica.client) replica.release();
      for (const run of this.stops) {
        if (replica.committed.runs.unfinished(run)) this.send({ t: "stop", run });
        else this.stops.delete(run);
      }
      this.type();
    }
    sender.pump();
  }

  private acknowledged(message: wire.AckMessage): void {
    const { replica } = this.o;
    const flight = replica.inFlight;
    if (flight === undefined || flight.client !== replica.client || flight.seq !== message.seq) return;
    // Its event comes, if it is not here yet; if it should be, something was missed.
    if (message.version <= replica.version) this.repair("ack", `batch ${message.seq} is event ${message.version}, and was not seen`);
  }

  private failed(message: wire.ErrorMessage): void {
    const { replica, sender, connection, report } = this.o;
    const { code } = message;
    const flight = replica.inFlight;
    const seq = message.seq ?? 0;
    if (message.fatal === true) {
      this.fatal(message);
    } else if (flight !== undefined && flight.client === replica.client && (seq === flight.seq || (seq === 0 && code === "too_large"))) {
      if (message.retry === true) {
        sender.later(code, message.message);
        return;
      }
      report("refused", `${code}: ${message.message}`);
      replica.refuse(code, message.message);
      sender.done();
      sender.pump();
      this.o.keeper.saver.within(0);
    } else if (seq === 0) {
      report("error", `${code}: ${message.message}`);
      if (connection.state === "online" && (code.startsWith("no_") || spoken.has(code))) this.o.notice(message.message);
    }
  }

  private fatal({ code, message, retry }: wire.ErrorMessage): void {
    const { connection } = this.o;
    this.o.report("fatal", `${code}: ${message}`);
    if (code === "client_taken" && !this.idTaken) {
      this.idTaken = true;
      this.newId();
      connection.restart();
      return;
    }
    if (code === "no_room") {
      this.isMissing = true;
      return; // the connection loop asks again
    }
    this.isWaiting = false;
    if (code === "waiting") {
      connection.restart(); // whoever was put out because everybody waits now waits, too
      return;
    }
    if (code === "signed_out") {
      this.leave();
      return;
    }
    this.info = { ...this.info, error: { code, message } };
    if (retry === true) return;
    this.refused = true;
    connection.stop();
  }

  /** Takes a client id that nobody has. What is in flight keeps the old one until it is known whether it has arrived. */
  private newId(): void {
    const { replica, keeper } = this.o;
    const old = replica.client;
    replica.useClient(this.o.freshId());
    keeper.moved(old);
    this.o.idChanged(replica.client);
  }

  /**
   * Somebody else sends under this client id, or an older state of this client was restored: what is not confirmed may
   * be in the log already. It is not sent a second time, but handed to the user.
   */
  private collided(detail: string): void {
    const { replica, connection, report } = this.o;
    report("collision", detail);
    replica.takeBackAll(replica.phrases().perhapsSavedElsewhere);
    this.newId();
    connection.restart();
  }

  private repair(kind: string, detail: string): void {
    this.repairs++;
    this.needsSnapshot = true;
    this.o.report(kind, detail);
    this.o.connection.restart();
    this.o.moved();
  }
}
