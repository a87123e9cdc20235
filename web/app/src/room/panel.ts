import type { RoomView } from "@codecollab/client";
import type { ComponentType } from "react";
import type { Words } from "../words";

/** A view that has a place in the page, beside others: in the dock, in the sidebar, or in the middle. */
export type Panel = {
  /** Unique in its place, "chat". */
  readonly id: string;
  readonly title: (words: Words) => string;
  readonly icon: ComponentType<{ readonly size?: number }>;
  /** Loaded when it is first shown, by React.lazy; only what everybody sees at once is not. */
  readonly view: ComponentType;
  /** What stands beside the title: a number of unread messages, for example. Small, for it is there at once. */
  readonly badge?: ComponentType;
  /** Whether it is offered in this room now; always, without it. */
  readonly offered?: (view: RoomView) => boolean;
  /** Whether it stays when another one is shown, so that it need not be built again and knows its size. */
  readonly stays?: boolean;
};
