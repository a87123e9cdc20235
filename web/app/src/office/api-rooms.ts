import { get, list, orgPath, text, time } from "./api";

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
