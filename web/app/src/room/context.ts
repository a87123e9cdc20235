import type { RoomView } from "@codecollab/client";
import { createContext, useContext, useSyncExternalStore } from "react";
import type { RoomSession } from "./session";

/** The session that the components of a room page belong to. */
export const SessionContext = createContext<RoomSession | undefined>(undefined);

/** The room page's session. */
export function useSession(): RoomSession {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("no room session around this component");
  return session;
}

/**
 * A part of the room's view; the component renders again when that part is another one. The selector must give parts
 * that the view keeps, or plain values, never a new object.
 */
export function useRoom<T>(select: (view: RoomView) => T): T {
  const { client } = useSession();
  return useSyncExternalStore(
    (f) => client.subscribe(f),
    () => select(client.view()),
  );
}
