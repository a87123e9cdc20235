import type { ChangeSet, Text } from "@codemirror/state";
import { applyTo, parseChanges, textOf } from "./changes";
import { Chat } from "./chat";
import { Members } from "./members";
import { Runs } from "./runs";
import type { HintSettings, PersonView, RoomSettings } from "./types";
import type * as wire from "./wire.gen";

/** One entry of the log. */
export type LogEvent = Omit<wire.Event, "t">;

/** A file as the log has it. */
export type CommittedFile = { readonly id: string; readonly name: string; readonly text: Text };

/** Reads the edits of one event, by file. Throws a RangeError when one of them cannot be read. */
export function parseEdits(edits: readonly wire.FileEdit[]): Map<string, ChangeSet> {
  return new Map(edits.map(({ file, changes }) => [file, parseChanges(changes)]));
}

const strings = new WeakMap<Text, string>();

function stringOf(text: Text): string {
  let s = strings.get(text);
  if (s === undefined) strings.set(text, (s = text.toString()));
  return s;
}

function toPerson({ person, name, color, verified }: Omit<wire.PersonBody, "kind">): PersonView {
  return { person, name, color, ...(verified === true ? { verified } : {}) };
}

/** The room as its log has it: the fold of the events up to `version`. Nothing unconfirmed is in it. */
export class Committed {
  version = 0;
  language = "";
  /** "" while nobody has given it any. */
  title = "";
  /** Undefined while nobody has chosen any. */
  settings: RoomSettings | undefined;
  /** Undefined while hints were never turned on. */
  hints: HintSettings | undefined;
  /** Hints that were shown to all, the most recent, oldest first. */
  told: readonly wire.HintRecord[] = [];
  /** In the order of their creation. */
  readonly files = new Map<string, CommittedFile>();
  readonly people = new Map<string, PersonView>();
  readonly runs = new Runs();
  readonly chat = new Chat();
  readonly members = new Members();

  /** Starts over from a snapshot. */
  load(state: wire.State): void {
    this.version = state.version;
    this.language = state.language;
    this.title = state.title ?? "";
    this.settings = state.settings;
    this.hints = state.hints;
    this.told = state.told ?? [];
    this.files.clear();
    for (const { id, name, text } of state.files) this.files.set(id, { id, name, text: textOf(text) });
    this.people.clear();
    for (const person of state.people) this.people.set(person.person, toPerson(person));
    this.runs.load(state.runs);
    this.chat.load(state);
    this.members.load(state);
  }

  /** The snapshot that load would read, with the newest few runs and messages. Texts are made into strings once. */
  snapshot(): wire.State {
    return {
      version: this.version,
      language: this.language,
      ...(this.title === "" ? {} : { title: this.title }),
      ...(this.settings === undefined ? {} : { settings: this.settings }),
      ...(this.hints === undefined ? {} : { hints: this.hints }),
      ...(this.told.length === 0 ? {} : { told: [...this.told] }),
      files: [...this.files.values()].map(({ id, name, text }) => ({ id, name, text: stringOf(text) })),
      people: [...this.people.values()],
      runs: this.runs.records(10),
      ...this.chat.snapshot(50),
      ...this.members.snapshot(),
    };
  }

  /**
   * Applies one event. Edits are given where they have been parsed already.
   * Throws a RangeError when it does not fit, which leaves it half applied: the caller starts over from a snapshot.
   */
  apply(event: LogEvent, edits?: ReadonlyMap<string, ChangeSet>): void {
    const { body } = event;
    switch (body.kind) {
      case "edit":
        for (const [file, changes] of edits ?? parseEdits(body.edits)) this.edit(file, changes);
        break;
      case "create":
        this.files.set(body.file, { id: body.file, name: body.name, text: textOf(body.text) });
        break;
      case "rename": {
        const file = this.files.get(body.file);
        if (file) this.files.set(body.file, { ...file, name: body.name });
        break;
      }
      case "delete":
        this.files.delete(body.file);
        break;
      case "language":
        this.language = body.language;
        break;
      case "title":
        this.title = body.title;
        break;
      case "settings": {
        const { kind: _, ...settings } = body;
        this.settings = settings;
        break;
      }
      case "run":
        this.runs.requested(event.version, event.at, event.by ?? "", body);
        break;
      case "finish":
        this.runs.finished(body);
        break;
      case "person":
        this.people.set(body.person, toPerson(body));
        break;
      case "role":
        this.members.role(body, event.by);
        break;
      case "lock":
        this.members.locked = body.locked;
        break;
      case "access":
        this.members.access(body, this.people.keys());
        break;
      case "chat":
        this.chat.said({ version: event.version, at: event.at, by: event.by ?? "", text: body.text });
        break;
      case "hints": {
        const { kind: _, ...hints } = body;
        this.hints = hints;
        break;
      }
      case "hint": {
        const { kind: _, ...hint } = body;
        this.told = [...this.told, { version: event.version, at: event.at, by: event.by ?? "", hint }].slice(-20);
        break;
      }
      default:
        body satisfies never; // a newer server's kind: nothing that this client can show
    }
    this.version = event.version;
  }

  /** Applies changes to one file. Throws a RangeError when there is no such file or they do not fit. */
  edit(file: string, changes: ChangeSet): void {
    const known = this.files.get(file);
    if (known === undefined) throw new RangeError(`an edit of the file ${file}, which does not exist`);
    this.files.set(file, { ...known, text: applyTo(known.text, changes) });
  }
}
