import { recall, remember } from "./storage";

/** A room that was opened in this browser. */
export type RecentRoom = { readonly room: string; readonly at: number; readonly language: string };

const key = "rooms";

/** The rooms opened last, the newest first. */
export function recentRooms(): RecentRoom[] {
  try {
    const value: unknown = JSON.parse(recall(key) ?? "[]");
    return Array.isArray(value) ? value.filter(isRecent) : [];
  } catch {
    return [];
  }
}

/** Remembers a room. */
export function visited(room: string, language: string): void {
  const others = recentRooms().filter((r) => r.room !== room);
  remember(key, JSON.stringify([{ room, at: Date.now(), language }, ...others].slice(0, 8)));
}

/** Forgets a room; it goes on existing. */
export function forgetRoom(room: string): void {
  remember(key, JSON.stringify(recentRooms().filter((r) => r.room !== room)));
}

/** The address of the room that a link or an id names, with the link's key if it has one; undefined when it names none. */
export function parseRoom(input: string): string | undefined {
  const text = input.trim();
  const match = /(?:^|\/r\/)([a-z0-9][a-z0-9-]{2,99})\/?(?:\?[^#]*)?(?:#(.*))?$/i.exec(text);
  if (match === null || (text.includes("/") && !text.includes("/r/"))) return undefined;
  const room = match[1]?.toLowerCase();
  return match[2] ? `${room}#${match[2]}` : room;
}

function isRecent(value: unknown): value is RecentRoom {
  if (typeof value !== "object" || value === null) return false;
  const { room, at, language } = value as Record<string, unknown>;
  return typeof room === "string" && typeof at === "number" && typeof language === "string";
}
