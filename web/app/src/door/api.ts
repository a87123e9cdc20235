import { ask } from "../lib/api";

/** A way to sign in that everybody is offered. */
export type Way = { readonly id: string; readonly kind: "oidc" | "github" | "password" | "passkey"; readonly name: string; readonly path: string };

/** How people can come in. */
export type Ways = { readonly ways: readonly Way[]; readonly register: boolean };

/** A company's own sign-in. */
export type Sso = { readonly org: string; readonly path: string; readonly enforced: boolean };

/** Sends JSON, and gives the answer. */
export function send(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<unknown> {
  return ask(path, { method, ...(body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }) });
}

/** Asks for something of this very moment. */
export function get(path: string): Promise<unknown> {
  return ask(path, { cache: "no-store" });
}

/** The ways to sign in. */
export async function fetchWays(): Promise<Ways> {
  const { ways, register } = object(await get("/api/v1/auth/ways"));
  return { ways: list(ways, toWay), register: register === true };
}

/** The sign-in of the company that an address belongs to; undefined when it has none here. */
export async function discover(email: string): Promise<Sso | undefined> {
  const { org, path, enforced } = object(object(await send("POST", "/api/v1/auth/discover", { email }))["sso"]);
  if (typeof path !== "string" || !path.startsWith("/")) return undefined;
  return { org: text(org), path, enforced: enforced === true };
}

function toWay(value: Record<string, unknown>): Way | undefined {
  const { id, kind, name, path } = value;
  if (typeof id !== "string" || (kind !== "oidc" && kind !== "github" && kind !== "password" && kind !== "passkey")) return undefined;
  return { id, kind, name: text(name), path: text(path) };
}

/** An answer as a table of what is in it. */
export function object(value: unknown): Record<string, unknown> {
  return (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
}

/** The items of a list that can be read. */
export function list<T>(value: unknown, read: (item: Record<string, unknown>) => T | undefined): T[] {
  return Array.isArray(value) ? value.flatMap((item) => read(object(item)) ?? []) : [];
}

/** The strings of a list. */
export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** A string, or "". */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A point in time in milliseconds since the Unix epoch; 0 for none. The zero time of the server is none, too. */
export function time(value: unknown): number {
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) && at > 0 ? at : 0;
}
