import type { ChangeSet } from "@codemirror/state";
import type { CommandBody } from "./entries";
import type { EditInfo } from "./types";
import type * as wire from "./wire.gen";

/** The batch that the server has been sent, or is about to be. It belongs to the first entry. */
export type InFlight = {
  /** The client id under which it was sent. */
  readonly client: string;
  readonly seq: number;
  readonly base: number;
  /** As sent, for sending again; the entry itself is mapped over what came since. */
  readonly body: wire.EditBody | CommandBody;
};

/** What became of a message: "resync" asks for a snapshot, "collision" means that somebody else uses this client id. */
export type Verdict =
  | { readonly kind: "applied" }
  | { readonly kind: "ignored" }
  | { readonly kind: "resync"; readonly detail: string }
  | { readonly kind: "collision"; readonly detail: string };

/** Text that could not be kept, before it has an id and a time. */
export type Loss = { readonly file: string; readonly name: string; readonly text: string; readonly reason: string };

/** Who is told of what a replica does. No call happens in the middle of a change. */
export interface Sink {
  /** The local text of a file has changed, and not by its user. */
  deliver(file: string, changes: ChangeSet, info: EditInfo): void;
  /** The committed text of a file has changed. */
  committed(file: string, changes: ChangeSet, client: string | undefined): void;
  /** A file is deleted. */
  deleted(file: string): void;
  /** Text could not be kept. */
  lost(loss: Loss): void;
  /** Something that the user should read. */
  notice(text: string): void;
}
