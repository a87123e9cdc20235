import { ApiError } from "../../lib/api";
import { get, list, object, send, strings, text, time } from "../api";

/** Where the person is signed in. Times are in milliseconds since the Unix epoch. */
export type Session = {
  readonly id: string;
  readonly agent: string;
  readonly address: string;
  readonly via: string;
  readonly created: number;
  readonly seen: number;
  readonly current: boolean;
};

/** A key by which the person's device signs in. */
export type Passkey = { readonly id: string; readonly name: string; readonly created: number; readonly used: number };

/** What lets a program act for the person. */
export type Token = {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly created: number;
  readonly seen: number;
  /** 0: never. */
  readonly expires: number;
};

/** Where the person is signed in. */
export async function fetchSessions(): Promise<readonly Session[]> {
  return list(object(await get("/api/v1/me/sessions"))["sessions"], (s) => ({
    id: text(s["id"]),
    agent: text(s["agent"]),
    address: text(s["address"]),
    via: text(s["via"]),
    created: time(s["created"]),
    seen: time(s["seen"]),
    current: s["current"] === true,
  }));
}

/** Signs the person out in one place. */
export async function endSession(id: string): Promise<void> {
  await send("DELETE", `/api/v1/me/sessions/${encodeURIComponent(id)}`);
}

/** The person's passkeys. */
export async function fetchPasskeys(): Promise<readonly Passkey[]> {
  return list(object(await get("/api/v1/me/passkeys"))["passkeys"], (p) => ({
    id: text(p["id"]),
    name: text(p["name"]),
    created: time(p["created"]),
    used: time(p["seen"]),
  }));
}

/** Takes a passkey away. */
export async function removePasskey(id: string): Promise<void> {
  await send("DELETE", `/api/v1/me/passkeys/${encodeURIComponent(id)}`);
}

/** An account elsewhere by which the person signs in since a time (0: they do not). */
export type Elsewhere = { readonly id: string; readonly kind: string; readonly name: string; readonly since: number };

/** The installation's providers, and whether the person is connected there. */
export async function fetchElsewhere(): Promise<readonly Elsewhere[]> {
  return list(object(await get("/api/v1/me/identities"))["identities"], (i) => ({
    id: text(i["id"]),
    kind: text(i["kind"]),
    name: text(i["name"]),
    since: time(i["since"]),
  }));
}

/** Begins to connect an account elsewhere, and gives the address to go to for that. */
export async function connect(provider: string): Promise<string> {
  return text(object(await send("POST", `/api/v1/me/identities/${encodeURIComponent(provider)}`))["to"]);
}

/** Signs in by an account elsewhere no more. */
export async function disconnect(provider: string): Promise<void> {
  await send("DELETE", `/api/v1/me/identities/${encodeURIComponent(provider)}`);
}

/** Sets another password; old is "" where there was none. */
export async function changePassword(old: string, next: string): Promise<void> {
  await send("PUT", "/api/v1/me/password", { old, new: next });
}

/** The person's API tokens. */
export async function fetchTokens(): Promise<readonly Token[]> {
  return list(object(await get("/api/v1/me/tokens"))["tokens"], (t) => ({
    id: text(t["id"]),
    name: text(t["name"]),
    scopes: strings(t["scopes"]),
    created: time(t["created"]),
    seen: time(t["seen"]),
    expires: time(t["expires"]),
  }));
}

/** Makes an API token that is good for so many days (0: for ever), and gives what is shown once. */
export async function makeToken(name: string, scopes: readonly string[], days: number): Promise<string> {
  return text(object(await send("POST", "/api/v1/me/tokens", { name, scopes, days }))["token"]);
}

/** A room that the person owns alone, and the name of whom it would go to; "" where nobody is. */
export type LeftRoom = { readonly room: string; readonly title: string; readonly heir: string };

/** What deleting the account would mean: rooms that have to go somewhere, and what is in the way. */
export type Deletion = { readonly rooms: readonly LeftRoom[]; readonly problem: ApiError | undefined };

/** What deleting the account would mean. */
export async function fetchDeletion(): Promise<Deletion> {
  const { rooms, problem } = object(await get("/api/v1/me/deletion"));
  const { code, message } = object(problem);
  return {
    rooms: list(rooms, (r) => ({ room: text(r["room"]), title: text(r["title"]), heir: text(r["name"]) })),
    problem: typeof code === "string" ? new ApiError(409, code, text(message)) : undefined,
  };
}

/** Deletes the account; end says whether the rooms that the person owns alone end with it. */
export async function deleteAccount(end: boolean): Promise<void> {
  await send("DELETE", "/api/v1/me", { rooms: end ? "end" : "hand_on" });
}

/** Ends an API token. */
export async function revokeToken(id: string): Promise<void> {
  await send("DELETE", `/api/v1/me/tokens/${encodeURIComponent(id)}`);
}
