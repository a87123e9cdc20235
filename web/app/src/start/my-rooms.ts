import { ApiError, fetchMyRooms, forgetMyRoom, type MyRoom } from "../lib/api";
import { forgetRoom, recentRooms, type RecentRoom } from "../lib/rooms";
import { Store } from "../lib/store";

/** A room in the list: from this browser, from the server, or from both. */
export type ListedRoom = {
  readonly room: string;
  readonly title: string;
  readonly language: string;
  /** When this person was there last, in milliseconds since the Unix epoch. */
  readonly at: number;
  /** What the person is there, as far as the server has said. */
  readonly role: string | undefined;
  readonly changed: number | undefined;
  /** When it will be deleted if nobody comes before. */
  readonly ends: number | undefined;
};

/** The list, and how it stands with the server. */
export type RoomList = { readonly state: "loading" | "ready" | "offline" | "failed"; readonly rooms: readonly ListedRoom[] };

/** The rooms of this person: those of this browser at once, those that the server knows when it has answered. */
export class MyRooms {
  readonly list: Store<RoomList>;
  private known: readonly MyRoom[] = [];

  constructor() {
    this.list = new Store<RoomList>({ state: "loading", rooms: merge(recentRooms(), []) });
  }

  /** Asks the server. */
  readonly load = (): void => {
    fetchMyRooms().then(
      (rooms) => {
        this.known = rooms;
        this.show("ready");
      },
      (error: unknown) => this.show(error instanceof ApiError && error.code === "offline" ? "offline" : "failed"),
    );
  };

  /** Takes a room off the list, here and on the server; rejects when the server did not hear of it. */
  async forget(room: string): Promise<void> {
    forgetRoom(room);
    this.known = this.known.filter((one) => one.room !== room);
    this.show(this.list.get().state);
    await forgetMyRoom(room);
  }

  /** The room is no more. */
  gone(room: string): void {
    forgetRoom(room);
    this.known = this.known.filter((one) => one.room !== room);
    this.show(this.list.get().state);
  }

  private show(state: RoomList["state"]): void {
    this.list.set({ state, rooms: merge(recentRooms(), this.known) });
  }
}

/** Both lists as one, the room that was visited last first. What the server says of a room is newer than what the browser remembers. */
export function merge(recent: readonly RecentRoom[], known: readonly MyRoom[]): readonly ListedRoom[] {
  const rooms = new Map<string, ListedRoom>();
  for (const { room, title, language, at } of recent) rooms.set(room, { room, title, language, at, role: undefined, changed: undefined, ends: undefined });
  for (const { room, title, language, role, visited, changed, ends } of known) {
    rooms.set(room, { room, title, language, role, changed, ends, at: Math.max(visited, rooms.get(room)?.at ?? 0) });
  }
  return [...rooms.values()].sort((a, b) => b.at - a.at);
}
