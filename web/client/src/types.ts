import type { ChatView } from "./chat";
import type { Access, MemberView, Role } from "./members";
import type * as wire from "./wire.gen";

/** Whether there is a connection; offline means waiting for the next try. */
export type ConnectionState = "connecting" | "online" | "offline";

/** What the server has not confirmed. */
export type Unsent = {
  /** UTF-16 units inserted plus units deleted. */
  readonly characters: number;
  /** Commands that wait, a rename for example; absent: none. */
  readonly commands?: number;
  /** Set when it could not be put into the outbox: it lasts as long as this process. */
  readonly fleeting?: true;
};

/** Where the user's text is. */
export type SaveState =
  | { readonly kind: "saved"; readonly version: number }
  | ({ readonly kind: "sending" | "offline" } & Unsent)
  | ({ readonly kind: "read-only"; readonly reason: string } & Unsent);

/** A file of the room. */
export type ClientFile = {
  readonly id: string;
  readonly name: string;
  /** Set while the server has not confirmed its creation (and may still give it another name). */
  readonly pending?: true;
};

/** A person who has been in the room. Color is an index into the palette. */
export type PersonView = {
  readonly person: string;
  readonly name: string;
  readonly color: number;
  /** The name is that of an account. */
  readonly verified?: true;
};

/** One connection of one person. Positions are in the local text. */
export type Peer = {
  readonly session: string;
  readonly client: string;
  readonly person: string;
  readonly name: string;
  readonly color: number;
  /** Absent: in no file. */
  readonly file?: string;
  readonly anchor: number;
  readonly head: number;
  readonly away: boolean;
  /** The first line that they see, from 1; absent: not known. */
  readonly top?: number;
  /** The name is that of an account. */
  readonly verified?: true;
  /** What they are here, where the log has no role for them. */
  readonly role?: Role;
  /** Set for this very connection. */
  readonly me: boolean;
};

/** Where a run is; "waiting" is for input. */
export type RunStage = "requested" | "queued" | "compiling" | "running" | "waiting" | "finished";

/** A run of a program and what it has printed. */
export type RunView = {
  /** The version of the event that asked for it. */
  readonly run: number;
  /** When it was asked for, in milliseconds since the Unix epoch. */
  readonly at: number;
  /** The person who asked. */
  readonly by: string;
  readonly request: Omit<wire.RunBody, "kind">;
  readonly state: RunStage;
  /** In the queue, from 1. */
  readonly place?: number;
  /** The size of its terminal now; absent: it has none. */
  readonly terminal?: wire.Size;
  /** Which attempt at it goes on; absent: the first. When it grows, output begins anew. */
  readonly attempt?: number;
  /** The chunks of the stream "typed" are no output: they say who types the line where the cursor is (see wire.Chunk). */
  readonly output: readonly wire.Chunk[];
  /** Bytes (of a run that goes on: UTF-16 units) left out of output. */
  readonly omitted: number;
  readonly finish?: Omit<wire.FinishBody, "kind">;
};

/** Text that could not be kept in its file: refused, or its file was deleted. A chat message that was refused has the file "". */
export type Recovered = {
  readonly id: string;
  readonly file: string;
  /** The file's name at that time. */
  readonly name: string;
  readonly text: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** One sentence for people. */
  readonly reason: string;
};

/** A quiet line for the user, for example a command that was refused. */
export type Notice = { readonly id: number; readonly level: "info" | "error"; readonly text: string };

/** What a room has settled for everybody: see the event "settings". */
export type RoomSettings = Omit<wire.SettingsBody, "kind">;

/** Whether and how hints may be asked for: see the event "hints". */
export type HintSettings = Omit<wire.HintsBody, "kind">;

/** Everything that a page shows of a room, except the texts. Immutable: a new object on every change. */
export interface RoomView {
  /** "missing": there is no such room (it is asked for again now and then). "refused": see error; it does not try again. "waiting": an owner has to let the user in. */
  readonly status: "loading" | "ready" | "missing" | "refused" | "waiting";
  readonly error?: { readonly code: string; readonly message: string };
  readonly connection: ConnectionState;
  /** The person's session has ended: edits are kept, and nothing is tried until RoomClient.signedIn. */
  readonly signedOut?: true;
  /** When the next try begins, in milliseconds since the Unix epoch; set while offline. */
  readonly retryAt?: number;
  readonly save: SaveState;
  /** The build of the server, once joined. */
  readonly serverBuild?: string;
  readonly room: string;
  readonly person?: string;
  /** The user's own; it changes while the page is open. */
  readonly role?: Role;
  /** The key of the link for people of this role, for the address of the page; as of the last join. */
  readonly key?: string;
  /** Why the user may not change anything now; absent: they may. */
  readonly refusal?: "view_only" | "locked";
  /** Why the user may run no program now; absent: they may. */
  readonly noRun?: "view_only" | "locked" | "not_runner";
  /** For owners: who waits to be let in, the first to come first. */
  readonly knocks: readonly wire.Knock[];
  readonly session?: string;
  readonly limits?: wire.Limits;
  /** The language that the room runs by default. */
  readonly language: string;
  /** "" while nobody has given it any. */
  readonly title: string;
  /** Absent while nobody has chosen any. */
  readonly settings?: RoomSettings;
  /** Absent: hints are off. */
  readonly hints?: HintSettings;
  /** Who talks in the room, as last heard; absent: this server has no voice. */
  readonly voice?: wire.VoicePeopleMessage;
  /** Hints that were shown to all, the most recent, oldest first. */
  readonly told: readonly wire.HintRecord[];
  /** In the order of their creation. */
  readonly files: readonly ClientFile[];
  readonly people: readonly PersonView[];
  /** Those who have a role; in a room that is not closed, all others are editors. */
  readonly members: readonly MemberView[];
  /** Only owners edit. */
  readonly locked: boolean;
  /** The room's name alone lets nobody in. */
  readonly closed: boolean;
  /** Who may come in, and how, and who runs programs. */
  readonly access: Access;
  /** Who is connected; while offline, who was. */
  readonly peers: readonly Peer[];
  /** Oldest first. */
  readonly runs: readonly RunView[];
  readonly chat: ChatView;
  readonly recovered: readonly Recovered[];
  /** When refused: what was inserted into each file and has not reached the server. Empty otherwise. */
  readonly unsent: readonly Pick<Recovered, "name" | "text">[];
  readonly notices: readonly Notice[];
  /** Repairs of a text that had drifted from the server's, since the start. More than 0 is a defect. */
  readonly diverged: number;
}

/** What reached an editor from elsewhere. */
export type EditInfo = {
  /** The person. */
  readonly by?: string;
  /** The author's client id. */
  readonly client?: string;
  /** "rollback" takes a refused edit of this client back; "resync" repairs the text. */
  readonly kind: "remote" | "rollback" | "resync";
};

/** Something for the log of whoever runs the page; never for the user. */
export type Report = { readonly kind: string; readonly detail: string };

/** An open connection. */
export interface Transport {
  /** Sends one frame; after the end it does nothing. */
  send(frame: string): void;
  /** Ends the connection; nothing is reported after it. */
  close(): void;
}

/** Why a connection ended. Missing means that there is no such room (HTTP 404). */
export type CloseInfo = { code?: number; reason?: string; missing?: boolean };

/** Who is told of a connection's life: open once, frames after it, close at most once and last. */
export interface TransportHandlers {
  open(): void;
  frame(text: string): void;
  close(info: CloseInfo): void;
}

/** Begins a connection; it never throws, and calls no handler before it has returned. */
export type Connect = (handlers: TransportHandlers) => Transport;
