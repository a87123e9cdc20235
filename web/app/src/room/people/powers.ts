import { ask } from "../../lib/api";

/** Roles that somebody can be given. */
export type GivenRole = "owner" | "editor" | "viewer" | "removed";

/** Roles that have a link. */
export type LinkRole = "editor" | "viewer";

/** Paths of links, by role; a role that is not there has none, or this person may not see it. */
export type Links = { readonly editor?: string | undefined; readonly viewer?: string | undefined };

function at(room: string, path: string): string {
  return `/api/v1/rooms/${encodeURIComponent(room)}/${path}`;
}

function put(path: string, body: unknown): Promise<unknown> {
  return ask(path, { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

/** Gives a person a role. Rejects with an ApiError, as all of these. */
export async function giveRole(room: string, person: string, role: GivenRole): Promise<void> {
  await put(at(room, `members/${encodeURIComponent(person)}`), { role });
}

/** Has a person be heard in voice or not, whatever they do with their microphone. */
export async function giveVoice(room: string, person: string, heard: boolean): Promise<void> {
  await put(at(room, `members/${encodeURIComponent(person)}`), { mute: heard ? "no" : "yes" });
}

/** Leaves editing to the owners, or gives it back. */
export async function setLock(room: string, locked: boolean): Promise<void> {
  await put(at(room, "lock"), { locked });
}

/** Lets people in by links only. */
export async function closeRoom(room: string): Promise<void> {
  await put(at(room, "access"), { closed: true });
}

/** The links that this person may hand on. */
export async function fetchLinks(room: string): Promise<Links> {
  return links(await ask(at(room, "links"), { cache: "no-store" }));
}

/** Replaces a link; the answer is the new one. */
export async function rotateLink(room: string, role: LinkRole): Promise<Links> {
  return links(await ask(at(room, `links/${role}`), { method: "POST" }));
}

/** Takes a link away. */
export async function revokeLink(room: string, role: LinkRole): Promise<void> {
  await ask(at(room, `links/${role}`), { method: "DELETE" });
}

function links(body: unknown): Links {
  const { links: all } = (body ?? {}) as { links?: Record<string, unknown> };
  const editor = all?.["editor"];
  const viewer = all?.["viewer"];
  return { ...(typeof editor === "string" ? { editor } : {}), ...(typeof viewer === "string" ? { viewer } : {}) };
}
