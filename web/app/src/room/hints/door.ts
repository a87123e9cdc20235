import type { RoomView } from "@codecollab/client";
import { Store } from "../../lib/store";
import type { RoomSession } from "../session";
import type { Hints } from "./hints";

/** What may be asked for. */
export type AskKind = "hint" | "error" | "explain" | "review";

/** A question that a button or a shortcut of the page asks. File and line are left out for where the caret is. */
export type Wish = { readonly kind: AskKind; readonly file?: string; readonly line?: number };

/** The way to the hints. It is small, since every room has it at once; the rest is loaded with the panel. */
export class HintsDoor {
  /** What is to be asked as soon as the panel is there. */
  readonly wish = new Store<Wish | undefined>(undefined);
  private hints: Hints | undefined;

  private prepares = false;

  constructor(private readonly session: RoomSession) {}

  /** The questions of this person, made when they are first needed. */
  keep(make: () => Hints): Hints {
    return (this.hints ??= make());
  }

  /** Shows the panel. */
  open(): void {
    this.session.layout.showDock("hints");
  }

  /** Shows the panel, and asks. */
  ask(wish: Wish): void {
    this.wish.set(wish);
    this.open();
  }

  /** Looks at the room after a change: where hints are prepared in advance, that needs no panel. */
  see({ hints }: RoomView): void {
    if (this.prepares || hints?.on !== true || hints.ahead !== true) return;
    this.prepares = true;
    void import("./hints").then(({ Hints: Loaded }) => this.keep(() => new Loaded(this.session)));
  }

  /** Leaves the room. */
  close(): void {
    this.hints?.close();
  }
}
