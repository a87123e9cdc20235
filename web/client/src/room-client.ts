import { Text, type ChangeSet } from "@codemirror/state";
import { canonical } from "./changes";
import { DivergenceCheck } from "./check";
import { systemClock, Timer, type Clock } from "./clock";
import { Connection } from "./connection";
import { Conversation } from "./conversation";
import { Keeper } from "./keeper";
import { checkEdit, defaultLimits, groupBytes, refusalWords, type EditCheck } from "./limits";
import { mayNotEdit, mayNotRun, type Role } from "./members";
import type { RoomOptions } from "./options";
import type { Loss, Sink } from "./outcome";
import { wholePairs, wholeString } from "./pairs";
import { Presence } from "./presence";
import { isId, randomId, secureRandom } from "./random";
import { Replica } from "./replica";
import { Sender } from "./sender";
import type { CommandBody } from "./entries";
import type { ClientFile, EditInfo, Notice, PersonView, Recovered, HintSettings, RoomSettings, RoomView } from "./types";
import { VoiceLine } from "./voice";
import type * as wire from "./wire.gen";
import { chatWaiting, filesOf, peopleOf, saveState, unsentTexts } from "./view";

/** Carets are sent at most so often, in milliseconds. */
const caretPause = 50;
/** An edit is in the outbox after so long at the latest, in milliseconds. */
const savePause = 80;

const nothing: readonly never[] = [];

type OnEdit = (changes: ChangeSet, info: EditInfo) => void;

/**
 * One room as one tab or editor window has it: the texts, what is not confirmed of them, and the connection. Local edits
 * take effect at once and are kept in the outbox until the server has them; edits of others come through onEdit.
 *
 * Nothing that a server, a network or an outbox does makes a method throw.
 */
export class RoomClient {
  /** The id by which this client goes in the room; it becomes another one when that was taken. */
  get id(): string {
    return this.replica.client;
  }

  /** Talking in the room: what is said about it on the connection. */
  readonly voice = new VoiceLine((message) => {
    if (this.sender.ready) this.connection.send(JSON.stringify(message));
    return this.sender.ready;
  });
  private readonly clock: Clock;
  private readonly random: () => number;
  private readonly replica: Replica;
  private readonly presence = new Presence();
  private readonly connection: Connection;
  private readonly keeper: Keeper;
  private readonly sender: Sender;
  private readonly check: DivergenceCheck;
  private readonly talk: Conversation;
  private readonly caret: Timer;
  private readonly editors = new Map<string, Set<OnEdit>>();
  private readonly subscribers = new Set<() => void>();
  private recovered: readonly Recovered[] = [];
  private notices: readonly Notice[] = [];
  private lastNotice = 0;
  private files: readonly ClientFile[] = [];
  private people: readonly PersonView[] = [];
  private cached: RoomView | undefined;
  private announced = true;
  private closed = false;

  constructor(private readonly options: RoomOptions) {
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? secureRandom;
    const { clock, random } = this;
    const replica = new Replica(options.clientId ?? randomId(random), this.sink(), options.phrases);
    this.replica = replica;
    this.keeper = new Keeper({
      room: options.room,
      outbox: options.outbox,
      clock,
      replica,
      freshId: () => randomId(random),
      recovered: () => this.recovered,
      changed: () => this.changed(),
      report: (kind, detail) => this.report(kind, detail),
    });
    this.connection = new Connection(
      { room: options.room, connect: options.connect, clock, random, probe: options.probe, ping: '{"t":"ping"}' },
      {
        opened: () => this.talk.opened(),
        frame: (text) => this.talk.frame(text),
        changed: () => {
          if (this.connection.state !== "online") this.sender.disconnected();
          this.changed();
        },
        missing: () => this.talk.missing(),
        signedOut: () => this.talk.leave(),
      },
    );
    this.sender = new Sender({ replica, connection: this.connection, saver: this.keeper.saver, clock, random });
    this.check = new DivergenceCheck(clock, replica, (message) => {
      if (this.sender.ready) this.connection.send(JSON.stringify(message));
      return this.sender.ready;
    });
    this.caret = new Timer(clock, () => this.sendCaret());
    this.talk = new Conversation({
      room: options.room,
      key: options.key,
      replica,
      connection: this.connection,
      sender: this.sender,
      presence: this.presence,
      check: this.check,
      keeper: this.keeper,
      voice: this.voice,
      profile: { name: options.name, color: options.color },
      freshId: () => randomId(random),
      idChanged: (client) => options.onClientId?.(client),
      moved: () => {
        this.caret.armOnce(caretPause);
        this.changed();
      },
      notice: (text) => this.notice(text),
      brought: (session) => options.onBring?.(session),
      report: (kind, detail) => this.report(kind, detail),
    });
  }

  /**
   * Restores what the outbox has, and begins to connect. Resolves when the restored texts can be shown, whether there is
   * a connection or not; never rejects.
   */
  async start(): Promise<void> {
    const { clientId, acquireClientId, room } = this.options;
    let id = clientId;
    if (id === undefined && acquireClientId !== undefined) {
      id = await acquireClientId(room).catch((error: unknown) => {
        this.report("lock", String(error));
        return undefined;
      });
      if (id === undefined) id = this.replica.client;
    }
    if (id !== undefined && !isId(id)) {
      this.report("client-id", `${id} is not an id`);
      id = randomId(this.random);
    }
    if (this.closed) return;
    if (id !== undefined) this.replica.useClient(id);
    const restored = await this.keeper.load(id);
    if (this.closed) return;
    this.recovered = [...restored, ...this.recovered];
    this.options.onClientId?.(this.replica.client);
    this.connection.start();
    this.changed();
  }

  /** Ends the connection; what is not confirmed stays in the outbox. Nothing is called back after it. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.keeper.close();
    this.connection.stop();
    this.sender.disconnected();
    this.check.stop();
    this.caret.cancel();
    this.editors.clear();
    this.subscribers.clear();
  }

  /** Tries to connect at once, or asks for a sign of life: for the events "online" and "visibilitychange". */
  reconnectNow(): void {
    if (!this.talk.refused) this.connection.reconnectNow();
  }

  /** Asks again to be let in, after a refusal about which something was done (a passcode was given). */
  tryAgain(): void {
    if (this.closed || !this.talk.refused) return;
    this.talk.again();
    this.changed();
  }

  /** The person has signed in again: connects, and sends what was kept since they were signed out. */
  signedIn(): void {
    if (this.closed || !this.talk.signedOut) return;
    this.talk.comeBack();
    this.changed();
  }

  /** Writes everything to the outbox now: for the events "pagehide" and "visibilitychange". Never rejects. */
  flush(): Promise<void> {
    return this.keeper.saver.atOnce();
  }

  /** The room as it is now. The same object until something changes. */
  view(): RoomView {
    return (this.cached ??= this.build());
  }

  /** Calls f after changes of the view, at most once for each microtask; the answer ends it. */
  subscribe(f: () => void): () => void {
    this.subscribers.add(f);
    return () => this.subscribers.delete(f);
  }

  /** The local text of a file; empty when there is no such file. */
  text(file: string): Text {
    return this.replica.texts.get(file) ?? Text.empty;
  }

  /**
   * Takes a change that the user has made and the editor applied already.
   * Throws a RangeError, and takes nothing, when canEdit would have said no.
   */
  edit(file: string, changes: ChangeSet): void {
    const allowed = this.canEdit(file, changes);
    if (!allowed.ok) throw new RangeError(allowed.message);
    if (changes.empty) return;
    const whole = canonical(wholePairs(changes, this.text(file)) ?? changes);
    this.replica.edit(file, whole, groupBytes(this.talk.info.limits ?? defaultLimits));
    this.presence.edited(file, changes);
    this.afterLocal();
  }

  /** Whether edit would take a change, and if not, why, in words for the user. It changes nothing. */
  canEdit(file: string, changes: ChangeSet): EditCheck {
    const refusal = this.refusal();
    if (refusal !== undefined) return { ok: false, message: refusalWords(refusal, this.replica.phrases()) };
    return checkEdit(this.replica.texts.get(file), changes, this.talk.info.limits ?? defaultLimits, this.replica.phrases());
  }

  /**
   * Calls f with every change of a file's local text that the user has not made, at once and in order; apply them to the
   * editor outside of its undo history. The answer ends it.
   */
  onEdit(file: string, f: OnEdit): () => void {
    const set = this.editors.get(file) ?? new Set();
    this.editors.set(file, set.add(f));
    return () => {
      set.delete(f);
      if (set.size === 0 && this.editors.get(file) === set) this.editors.delete(file);
    };
  }

  /**
   * Adds a file, which is there at once, and gives its id. Line ends become line feeds. When the server refuses it, it
   * disappears, with a notice, and its text is recovered.
   */
  createFile(name: string, text = ""): string {
    const file = randomId(this.random);
    this.change({ kind: "create", file, name, text: wholeString(text.replace(/\r\n?/g, "\n")) });
    return file;
  }

  /** Asks for another name; it is shown once the server has confirmed it. */
  renameFile(id: string, name: string): void {
    this.change({ kind: "rename", file: id, name });
  }

  /** Asks for a file to be deleted; it disappears once the server has confirmed it. */
  deleteFile(id: string): void {
    this.change({ kind: "delete", file: id });
  }

  /** Asks for another default language, an id of the catalogue. */
  setLanguage(id: string): void {
    this.change({ kind: "language", language: id });
  }

  /** Asks for another title; "" takes it away. */
  setTitle(title: string): void {
    this.change({ kind: "title", title });
  }

  /** Asks, as an owner, for hints to be on or off. */
  setHints(hints: HintSettings): void {
    this.replica.command({ kind: "hints", ...hints });
    this.afterLocal();
  }

  /** Asks for other settings of the room. */
  setSettings(settings: RoomSettings): void {
    this.change({ kind: "settings", ...settings });
  }

  /** Asks for a program to be run with everything typed so far. */
  run(request: { file: string; language: string; stdin?: string; args?: string[]; terminal?: wire.Size }): void {
    this.change({ kind: "run", ...request });
  }

  /** Says something to everybody in the room; it waits like an edit until the server has it. Line ends become line feeds. */
  chat(text: string): void {
    this.replica.command({ kind: "chat", text: wholeString(text.replace(/\r\n?/g, "\n")) });
    this.afterLocal();
  }

  /** Ends a run; without a connection it is asked for on the next one. */
  stop(run: number): void {
    this.talk.stop(run);
  }

  /**
   * Types into the terminal of a run that goes on: what a terminal sends for the keys. What of it is to be seen comes back as
   * output. False, and lost, without a connection.
   */
  sendInput(run: number, data: string): boolean {
    return this.talk.input(run, data);
  }

  /** Gives the terminal of a run another size; the server obeys the person who asked for the run. */
  resizeTerminal(run: number, size: wire.Size): void {
    this.talk.resize(run, size);
  }

  /** The user's selection in local coordinates, or undefined for no file. Sent at most every 50 ms. */
  setCaret(file: string | undefined, anchor: number, head: number): void {
    this.presence.setCaret(file, anchor, head);
    this.caret.armOnce(caretPause);
  }

  /** Whether the user is away. */
  setAway(away: boolean): void {
    this.presence.setAway(away);
    this.caret.armOnce(caretPause);
  }

  /** The first line that the user sees, from 1: for those who follow. */
  setTop(line: number): void {
    this.presence.setTop(line);
    this.caret.armOnce(caretPause);
  }

  /** Asks everybody in the room to come to where the user is. */
  bring(): void {
    this.talk.bring();
  }

  /** Another name or colour for the user. */
  setProfile(name: string, color: number): void {
    this.talk.setProfile({ name, color });
  }

  /** Keeps and shows recovered texts of another client. Resolves when they are in the outbox, or cannot be; never rejects. */
  takeOver(texts: readonly Recovered[]): Promise<void> {
    const known = new Set(this.recovered.map(({ id }) => id));
    this.recovered = [...this.recovered, ...texts.filter(({ id }) => !known.has(id))];
    this.changed();
    return this.keeper.saver.now();
  }

  /** Forgets a recovered text. */
  dismissRecovered(id: string): void {
    this.recovered = this.recovered.filter((r) => r.id !== id);
    this.keeper.saver.within(savePause);
    this.changed();
  }

  /** Forgets a notice. */
  dismissNotice(id: number): void {
    this.notices = this.notices.filter((n) => n.id !== id);
    this.changed();
  }

  /** Characters that the server has not confirmed; a command that waits counts at least one. For "beforeunload". */
  unsent(): number {
    return this.replica.entries.length === 0 ? 0 : Math.max(1, this.replica.characters());
  }

  /** Asks for something that changes the room, unless the user may not: the server would refuse it. */
  private change(body: CommandBody): void {
    const refusal = body.kind === "run" ? this.noRun() : this.refusal();
    if (refusal !== undefined) {
      this.notice(refusalWords(refusal, this.replica.phrases()));
      return;
    }
    this.replica.command(body);
    this.afterLocal();
  }

  /** The user's role now. */
  private role(): Role | undefined {
    const { person, role } = this.talk.info;
    return this.replica.committed.members.of(person) ?? role;
  }

  private refusal(): "view_only" | "locked" | undefined {
    return mayNotEdit(this.role(), this.replica.committed.members.locked);
  }

  private noRun(): "view_only" | "locked" | "not_runner" | undefined {
    const { members } = this.replica.committed;
    return mayNotRun(this.role(), members.grant(this.talk.info.person), members.locked, members.rules);
  }

  private afterLocal(): void {
    this.keeper.saver.within(savePause);
    this.sender.pump();
    this.changed();
  }

  private sink(): Sink {
    return {
      deliver: (file, changes, info) => {
        this.presence.delivered(file, changes);
        for (const f of this.editors.get(file) ?? []) {
          try {
            f(changes, info);
          } catch (error) {
            this.report("editor", String(error));
          }
        }
      },
      committed: (file, changes, client) => {
        this.presence.committed(file, changes, client, this.replica.client);
        this.check.active();
      },
      deleted: (file) => this.presence.deleted(file),
      lost: (loss) => this.lost(loss),
      notice: (text) => this.notice(text),
    };
  }

  private lost(loss: Loss): void {
    this.recovered = [...this.recovered, { ...loss, id: randomId(this.random), at: this.clock.now() }];
    this.keeper.saver.within(savePause);
    this.changed();
  }

  private notice(text: string): void {
    this.notices = [...this.notices.slice(-19), { id: ++this.lastNotice, level: "error", text }];
    this.changed();
  }

  private report(kind: string, detail: string): void {
    if (!this.closed) this.options.onReport?.({ kind, detail });
  }

  private sendCaret(): void {
    if (!this.sender.ready) return;
    const message = this.presence.next(this.replica);
    if (message !== undefined) this.connection.send(JSON.stringify(message));
  }

  private changed(): void {
    this.cached = undefined;
    if (!this.announced || this.closed) return;
    this.announced = false;
    queueMicrotask(() => {
      this.announced = true;
      for (const f of this.subscribers) {
        try {
          f();
        } catch (error) {
          this.report("subscriber", String(error));
        }
      }
    });
  }

  private build(): RoomView {
    const { replica, connection } = this;
    this.files = filesOf(replica, this.files);
    this.people = peopleOf(replica, this.people);
    const { members } = replica.committed;
    const role = this.role();
    const refusal = this.refusal();
    const noRun = this.noRun();
    return {
      status: this.talk.refused ? "refused" : this.talk.isWaiting ? "waiting" : this.talk.isMissing ? "missing" : replica.loaded ? "ready" : "loading",
      connection: connection.shown,
      ...(connection.retryAt === undefined || connection.moving ? {} : { retryAt: connection.retryAt }),
      save: saveState(replica, connection.shown, this.sender.readOnly, this.keeper.lasting),
      room: this.options.room,
      ...this.talk.info,
      ...(this.talk.signedOut ? { signedOut: true } : {}),
      ...(role === undefined ? {} : { role }),
      ...(refusal === undefined ? {} : { refusal }),
      ...(noRun === undefined ? {} : { noRun }),
      knocks: this.talk.knocks,
      language: replica.committed.language,
      title: replica.committed.title,
      ...(replica.committed.settings === undefined ? {} : { settings: replica.committed.settings }),
      ...(replica.committed.hints === undefined ? {} : { hints: replica.committed.hints }),
      told: replica.committed.told,
      ...(this.voice.people === undefined ? {} : { voice: this.voice.people }),
      files: this.files,
      people: this.people,
      members: members.list(),
      locked: members.locked,
      closed: members.closed,
      access: members.rules,
      peers: this.presence.list(replica),
      runs: replica.committed.runs.views(),
      chat: replica.committed.chat.view(chatWaiting(replica)),
      recovered: this.recovered,
      unsent: this.talk.refused ? unsentTexts(replica) : nothing,
      notices: this.notices,
      diverged: this.talk.repairs,
    };
  }
}
