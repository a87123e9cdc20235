import { Text, type ChangeSet } from "@codemirror/state";
import { applyTo, insertedText, sameChanges, textOf } from "./changes";
import { Committed, parseEdits, type LogEvent } from "./committed";
import { diff } from "./diff";
import {
  addEdit,
  bodyOf,
  charactersOf,
  composed,
  groupOf,
  rebase,
  removeFile,
  type CommandBody,
  type Entry,
} from "./entries";
import type { InFlight, Sink, Verdict } from "./outcome";
import { english, type Phrases } from "./phrases";
import type { EditInfo } from "./types";
import type * as wire from "./wire.gen";

const applied: Verdict = { kind: "applied" };

/** How many events are kept since the last snapshot for storage. */
const longestJournal = 512;

/**
 * A room as one client has it: the committed state, the entries that are not confirmed, and the local texts, which are
 * the one with the other applied. It does no input or output and knows no time. After a verdict of "resync" it must not
 * be given anything but a snapshot.
 */
export class Replica {
  readonly committed = new Committed();
  /** In order; the first one belongs to inFlight if that is set. */
  entries: Entry[] = [];
  inFlight: InFlight | undefined = undefined;
  /** The last batch number used. */
  seq = 0;
  /** Whether there is any state, from a snapshot or from storage. */
  loaded = false;
  /** What storage starts from: a snapshot and the events after it; undefined asks for a new snapshot. */
  base: wire.State | undefined = undefined;
  journal: LogEvent[] = [];
  /** The local texts. */
  readonly texts = new Map<string, Text>();
  private later: (() => void)[] = [];
  private sortsBefore = false;
  private sortsAfter = false;

  constructor(
    public client: string,
    private readonly sink: Sink,
    readonly phrases: () => Phrases = () => english,
  ) {}

  /** The version of the log that the committed state is at. */
  get version(): number {
    return this.committed.version;
  }

  /** Units inserted and deleted that are not confirmed. */
  characters(): number {
    return this.entries.reduce((n, entry) => n + charactersOf(entry), 0);
  }

  /** Adds a local edit. Throws a RangeError when there is no such file or the changes do not fit its text. */
  edit(file: string, changes: ChangeSet, mostBytes: number): void {
    const text = this.texts.get(file);
    if (text === undefined) throw new RangeError(`an edit of the file ${file}, which does not exist`);
    this.texts.set(file, applyTo(text, changes));
    if (!changes.empty) addEdit(this.entries, file, changes, this.inFlight !== undefined, mostBytes);
  }

  /** Adds a command. A new file is there at once; the rest waits for the server. */
  command(body: CommandBody): void {
    this.entries.push({ kind: "command", body });
    if (body.kind === "create") this.texts.set(body.file, textOf(body.text));
  }

  /** Puts the first entry in flight, with the next number; undefined when there is none, or something is in flight. */
  next(): InFlight | undefined {
    const entry = this.entries[0];
    if (this.inFlight !== undefined || entry === undefined) return undefined;
    this.inFlight = { client: this.client, seq: ++this.seq, base: this.version, body: bodyOf(entry) };
    return this.inFlight;
  }

  /** One entry of the log. */
  event(event: LogEvent): Verdict {
    if (event.version <= this.version) return { kind: "ignored" };
    if (event.version !== this.version + 1) {
      return { kind: "resync", detail: `event ${event.version} came after ${this.version}` };
    }
    const flight = this.inFlight;
    const mine = flight !== undefined && event.client === flight.client && event.seq === flight.seq;
    if (!mine && this.isForeign(event)) return collision(event);
    const verdict = mine ? this.confirm(event) : this.foreign(event);
    if (verdict.kind === "applied") this.note(event);
    this.settle();
    return verdict;
  }

  /** Many events at once: everything here, what is in flight included, is rebased over them. */
  catchup(message: wire.CatchupMessage): Verdict {
    if (message.to <= this.version) return { kind: "ignored" };
    if (message.from !== this.version) {
      return { kind: "resync", detail: `a catch-up from ${message.from} came at ${this.version}` };
    }
    // Under a former id a batch may be in what was composed, and nobody could tell: it is not sent a second time.
    if (this.inFlight !== undefined && this.inFlight.client !== this.client) this.refuse("", this.phrases().perhapsSaved);
    const foreign = message.events.find((e) => this.isForeign(e));
    if (foreign !== undefined) return collision(foreign);
    for (const event of message.events) {
      if (event.body.kind === "delete") this.forget(event.body.file, event.by);
      this.committed.apply(event);
      if (event.body.kind === "create") this.texts.set(event.body.file, textOf(event.body.text));
    }
    const first = !this.sortsBefore || this.sortsAfter;
    const edits = parseEdits(message.edits);
    if (!this.fits(edits)) return { kind: "resync", detail: `the edits of the catch-up to ${message.to} do not fit` };
    for (const [file, changes] of edits) this.merge(file, changes, () => first, { kind: "remote" });
    this.committed.version = message.to;
    this.rebased();
    this.settle();
    return applied;
  }

  /** The batch in flight is refused for good: it is taken back, and what it had inserted is handed out. */
  refuse(code: string, message: string): void {
    const flight = this.inFlight;
    const entry = this.entries[0];
    if (flight === undefined || entry === undefined) return;
    this.inFlight = undefined;
    this.entries.shift();
    if (entry.kind === "command") {
      this.refuseCommand(entry.body, code, message);
    } else if (flight.body.kind === "edit" && (entry.edits.size > 1 || entry.edits.size < flight.body.edits.length)) {
      // One file of several is to blame, or one that is gone by now: the others go again, each by itself.
      for (const one of entry.edits) this.entries.unshift(groupOf(new Map([one])));
    } else {
      for (const [file, changes] of entry.edits) this.takeBack(file, changes, message);
    }
    this.settle();
  }

  /** Takes back everything that is not confirmed, and hands out what was inserted. */
  takeBackAll(reason: string): void {
    for (const [file, text] of this.texts) {
      const known = this.committed.files.get(file);
      const changes = composed(this.entries, file);
      if (known === undefined) {
        this.lose(file, text.toString(), reason);
        this.texts.delete(file);
      } else if (changes !== undefined) {
        this.lose(file, insertedText(changes), reason);
        this.texts.set(file, known.text);
        this.deliver(file, changes.invert(known.text), { kind: "rollback" });
      }
    }
    for (const entry of this.entries) {
      if (entry.kind === "command" && entry.body.kind === "chat") this.loseChat(entry.body.text, reason);
    }
    this.entries = [];
    this.inFlight = undefined;
    this.settle();
  }

  /**
   * Starts over from a snapshot and rebases what is not confirmed over the difference. seq is the last batch of this
   * client that is in the snapshot.
   */
  snapshot(state: wire.State, seq: number): void {
    const flight = this.inFlight;
    if (flight !== undefined && flight.client !== this.client) this.refuse("", this.phrases().perhapsSaved);
    else if (flight !== undefined && seq >= flight.seq) this.assumeConfirmed();
    for (const file of this.committed.files.keys()) {
      if (!state.files.some((f) => f.id === file)) this.forget(file, undefined);
    }
    for (const { id, text } of state.files) {
      const created = this.entries.findIndex((e) => e.kind === "command" && e.body.kind === "create" && e.body.file === id);
      const entry = this.entries[created];
      let before = this.committed.files.get(id)?.text;
      if (entry?.kind === "command" && entry.body.kind === "create") {
        if (created === 0) this.inFlight = undefined;
        before = textOf(entry.body.text);
        this.entries.splice(created, 1);
      }
      const after = textOf(text);
      if (before !== undefined) rebase(this.entries, 0, id, diff(before, after), () => true);
      const local = this.texts.get(id);
      const changed = composed(this.entries, id)?.apply(after) ?? after;
      this.texts.set(id, changed);
      if (local !== undefined && !local.eq(changed)) this.deliver(id, diff(local, changed), { kind: "resync" });
    }
    this.committed.load(state);
    this.seq = Math.max(this.seq, seq);
    this.loaded = true;
    this.rebased();
    this.settle();
  }

  /** A batch that was in flight under a former client id has turned out not to be in the log: it goes again as a new one. */
  release(): void {
    this.inFlight = undefined;
    const entry = this.entries[0];
    if (entry?.kind === "edit" && entry.edits.size === 0) this.entries.shift();
  }

  /** Uses another client id from here on; what is in flight keeps its own. */
  useClient(client: string): void {
    this.client = client;
    this.seq = 0;
    this.sortsBefore = false;
    this.sortsAfter = false;
  }

  /** The local texts from the committed ones and the entries, after both came from storage. Throws a RangeError when they do not fit. */
  rebuild(): void {
    this.texts.clear();
    for (const { id, text } of this.committed.files.values()) this.texts.set(id, text);
    for (const entry of this.entries) {
      if (entry.kind === "command") {
        if (entry.body.kind === "create") this.texts.set(entry.body.file, textOf(entry.body.text));
        continue;
      }
      for (const [file, changes] of entry.edits) {
        const text = this.texts.get(file);
        if (text === undefined) throw new RangeError(`an edit of the file ${file}, which does not exist`);
        this.texts.set(file, applyTo(text, changes));
      }
    }
    this.loaded = this.version > 0;
  }

  /** The name of a file, also of one that is not confirmed. */
  nameOf(file: string): string {
    const known = this.committed.files.get(file)?.name;
    if (known !== undefined) return known;
    for (const entry of this.entries) {
      if (entry.kind === "command" && entry.body.kind === "create" && entry.body.file === file) return entry.body.name;
    }
    return "";
  }

  private fits(edits: ReadonlyMap<string, ChangeSet>): boolean {
    for (const [file, changes] of edits) {
      if (this.committed.files.get(file)?.text.length !== changes.length) return false;
    }
    return true;
  }

  private isForeign(event: LogEvent): boolean {
    return event.client === this.client && (event.seq ?? 0) > 0;
  }

  private confirm(event: LogEvent): Verdict {
    const entry = this.entries[0];
    const { body } = event;
    if (entry?.kind === "edit") {
      const edits = body.kind === "edit" ? parseEdits(body.edits) : undefined;
      if (edits === undefined || !sameEdits(edits, entry.edits) || !this.fits(edits)) {
        return { kind: "resync", detail: `batch ${event.seq ?? 0} was committed at ${event.version} in another form` };
      }
      this.committed.apply(event, edits);
      for (const [file, changes] of edits) this.later.push(() => this.sink.committed(file, changes, event.client));
    } else if (entry?.kind === "command" && entry.body.kind === body.kind) {
      if (entry.body.kind === "create" && body.kind === "create" && entry.body.text !== body.text) {
        return { kind: "resync", detail: `the file ${body.file} was created with another text` };
      }
      this.inFlight = undefined;
      this.entries.shift();
      if (body.kind === "delete") this.forget(body.file, event.by);
      this.committed.apply(event);
      return applied;
    } else {
      return { kind: "resync", detail: `batch ${event.seq ?? 0} was committed as ${body.kind}` };
    }
    this.inFlight = undefined;
    this.entries.shift();
    return applied;
  }

  private foreign(event: LogEvent): Verdict {
    const { body, client = "" } = event;
    if (client > this.client) this.sortsAfter = true;
    else if (client !== "") this.sortsBefore = true;
    if (body.kind === "edit") {
      const info: EditInfo = {
        kind: "remote",
        ...(event.by === undefined ? {} : { by: event.by }),
        ...(event.client === undefined ? {} : { client: event.client }),
      };
      const first = (i: number): boolean => (i === 0 ? (this.inFlight?.client ?? this.client) : this.client) < client;
      const edits = parseEdits(body.edits);
      if (!this.fits(edits)) return { kind: "resync", detail: `the edits of event ${event.version} do not fit` };
      for (const [file, changes] of edits) this.merge(file, changes, first, info);
      this.committed.version = event.version;
      return applied;
    }
    if (body.kind === "delete") this.forget(body.file, event.by);
    this.committed.apply(event);
    if (body.kind === "create") this.texts.set(body.file, textOf(body.text));
    return applied;
  }

  /** Applies somebody else's changes to a file beneath the entries. */
  private merge(file: string, changes: ChangeSet, localFirst: (i: number) => boolean, info: EditInfo): void {
    this.committed.edit(file, changes);
    const through = rebase(this.entries, 0, file, changes, localFirst);
    this.texts.set(file, applyTo(this.texts.get(file) ?? Text.empty, through));
    this.later.push(() => this.sink.committed(file, changes, info.client));
    this.deliver(file, through, info);
  }

  /** Takes back a refused edit, which was the first entry and is not among them any more. */
  private takeBack(file: string, changes: ChangeSet, reason: string): void {
    const known = this.committed.files.get(file);
    const text = this.texts.get(file);
    if (known === undefined || text === undefined) return;
    const inverse = rebase(this.entries, 0, file, changes.invert(known.text), () => false);
    this.texts.set(file, inverse.apply(text));
    this.lose(file, insertedText(changes), reason);
    this.deliver(file, inverse, { kind: "rollback" });
  }

  private refuseCommand(body: CommandBody, code: string, message: string): void {
    if (body.kind === "delete" && code === "no_file") return;
    this.later.push(() => this.sink.notice(message));
    if (body.kind === "chat") this.loseChat(body.text, message);
    if (body.kind !== "create") return;
    const { file, name } = body;
    const text = this.texts.get(file)?.toString() ?? "";
    this.texts.delete(file);
    removeFile(this.entries, file, false);
    this.entries = this.entries.filter((e) => e.kind === "edit" || !("file" in e.body) || e.body.file !== file);
    if (text !== "") this.later.push(() => this.sink.lost({ file, name, text, reason: message }));
  }

  /** A file is deleted: what the user had typed into it is handed out. */
  private forget(file: string, by: string | undefined): void {
    const text = removeFile(this.entries, file, this.inFlight !== undefined);
    const who = by === undefined ? undefined : this.committed.people.get(by)?.name;
    this.lose(file, text, who === undefined ? this.phrases().deleted : this.phrases().deletedBy(who));
    this.texts.delete(file);
    this.later.push(() => this.sink.deleted(file));
  }

  private assumeConfirmed(): void {
    const entry = this.entries.shift();
    this.inFlight = undefined;
    if (entry?.kind === "edit") {
      for (const [file, changes] of entry.edits) this.committed.edit(file, changes);
    } else if (entry?.body.kind === "create") {
      const { file, name, text } = entry.body;
      this.committed.files.set(file, { id: file, name, text: textOf(text) });
    }
  }

  /** After a jump of versions: what is in flight is to be sent in its new form, and storage starts from a new snapshot. */
  private rebased(): void {
    this.base = undefined;
    this.journal = [];
    const entry = this.entries[0];
    if (this.inFlight === undefined || entry === undefined) return;
    if (entry.kind === "edit" && entry.edits.size === 0) this.release();
    else this.inFlight = { ...this.inFlight, base: this.version, body: bodyOf(entry) };
  }

  private note(event: LogEvent): void {
    if (this.base === undefined) return;
    this.journal.push(event);
    if (this.journal.length <= longestJournal) return;
    this.base = undefined;
    this.journal = [];
  }

  private lose(file: string, text: string, reason: string): void {
    if (text === "") return;
    const name = this.nameOf(file);
    this.later.push(() => this.sink.lost({ file, name, text, reason }));
  }

  private loseChat(text: string, reason: string): void {
    this.later.push(() => this.sink.lost({ file: "", name: "chat", text, reason }));
  }

  private deliver(file: string, changes: ChangeSet, info: EditInfo): void {
    if (!changes.empty) this.later.push(() => this.sink.deliver(file, changes, info));
  }

  /** Makes the calls that waited for the state to be whole. */
  private settle(): void {
    const calls = this.later;
    this.later = [];
    for (const call of calls) call();
  }
}

function collision(event: LogEvent): Verdict {
  return { kind: "collision", detail: `event ${event.version} is batch ${event.seq ?? 0} of this client id, which did not send it` };
}

function sameEdits(a: ReadonlyMap<string, ChangeSet>, b: ReadonlyMap<string, ChangeSet>): boolean {
  if (a.size !== b.size) return false;
  for (const [file, changes] of a) {
    const other = b.get(file);
    if (other === undefined || !sameChanges(changes, other)) return false;
  }
  return true;
}
