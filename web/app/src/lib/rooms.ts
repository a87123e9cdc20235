import { roomPath } from "./route";
import { recall, remember } from "./storage";

/** A room that was opened in this browser. */
export type RecentRoom = { readonly room: string; readonly at: number; readonly language: string; readonly title: string };

const key = "rooms";

/** How many rooms a browser remembers. */
const most = 50;

/** The rooms opened last, the newest first. */
export function recentRooms(): RecentRoom[] {
  try {
    const value: unknown = JSON.parse(recall(key) ?? "[]");
    return Array.isArray(value) ? value.flatMap(toRecent) : [];
  } catch {
    return [];
  }
}

/** Remembers a room. */
export function visited(room: string, language: string, title: string): void {
  const others = recentRooms().filter((r) => r.room !== room);
  remember(key, JSON.stringify([{ room, at: Date.now(), language, title }, ...others].slice(0, most)));
}

/** Forgets a room; it goes on existing. */
export function forgetRoom(room: string): void {
  remember(key, JSON.stringify(recentRooms().filter((r) => r.room !== room)));
}

/** The path of the room that a link or an id names, with the key of the link if it has one; undefined when it names none. */
export function parseLink(input: string): string | undefined {
  const text = input.trim();
  const match = /(?:^|\/r\/)([a-z0-9][a-z0-9-]{2,99})\/?(?:\?[^#]*)?(#\S*)?$/i.exec(text);
  if (match === null || (text.includes("/") && !text.includes("/r/"))) return undefined;
  return roomPath((match[1] ?? "").toLowerCase()) + (match[2] ?? "");
}

function toRecent(value: unknown): RecentRoom[] {
  if (typeof value !== "object" || value === null) return [];
  const { room, at, language, title } = value as Record<string, unknown>;
  if (typeof room !== "string" || typeof at !== "number" || typeof language !== "string") return [];
  return [{ room, at, language, title: typeof title === "string" ? title : "" }];
}
