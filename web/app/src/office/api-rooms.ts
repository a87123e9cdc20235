import { get, list, orgPath, send, text, time } from "./api";

/** A room of an organisation. */
export type OrgRoom = {
  readonly room: string;
  readonly title: string;
  readonly language: string;
  readonly changed: number;
};

/** The rooms of an organisation. */
export async function fetchOrgRooms(org: string, signal: AbortSignal): Promise<readonly OrgRoom[]> {
  return list(await get(orgPath(org, "rooms"), signal), "rooms", (of) => ({
    room: text(of["room"]),
    title: text(of["title"]),
    language: text(of["language"]),
    changed: time(of["changed"]),
  }));
}

/** Makes the person, who administers its organisation, an owner of a room. */
export async function takeOver(room: string): Promise<void> {
  await send("POST", `/api/v1/rooms/${encodeURIComponent(room)}/takeover`);
}

/** Ends a room, with everything in it. */
export async function endRoom(room: string): Promise<void> {
  await send("DELETE", `/api/v1/rooms/${encodeURIComponent(room)}`);
}
