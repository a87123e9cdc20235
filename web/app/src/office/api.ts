import { ask, ApiError } from "../lib/api";
import { words } from "../words";

/** What somebody is in an organisation. */
export type OrgRole = "owner" | "admin" | "member";

/** The roles, the one that may least first. */
export const roles: readonly OrgRole[] = ["member", "admin", "owner"];

/** An organisation, as one of its people or the administrator sees it. Times are ms since the Unix epoch; 0 is never. */
export type Org = {
  readonly id: string;
  readonly name: string;
  readonly enforced: boolean;
  readonly role: OrgRole | undefined;
  readonly members: number | undefined;
  readonly created: number;
};

/** Who is asking, and the organisations that they are in. */
export type Me = {
  readonly account: { readonly id: string; readonly name: string; readonly color: number; readonly email: string; readonly admin: boolean } | undefined;
  readonly orgs: readonly Org[];
};

export type Member = {
  readonly account: string;
  readonly name: string;
  readonly email: string;
  readonly role: OrgRole;
  readonly source: string;
  readonly active: boolean;
  readonly seen: number;
};

export type Invitation = {
  readonly id: string;
  readonly role: OrgRole;
  readonly email: string;
  readonly by: string;
  readonly created: number;
  readonly expires: number;
};

export type Domain = { readonly domain: string; readonly record: string; readonly token: string; readonly verified: number; readonly failing: number };

export type Kind = "saml" | "oidc";

export type Connection = {
  readonly id: string;
  readonly kind: Kind;
  readonly name: string;
  readonly enabled: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The secrets that are stored; they themselves are shown to nobody. */
  readonly secrets: readonly string[];
  readonly path: string;
  /** What our addresses begin with, as far as it was asked for; "" when the installation does not know. */
  readonly origin: string;
};

/** One thing that was tried, as the server says it. */
export type Step = { readonly name: string; readonly ok: boolean; readonly detail: string; readonly fix: string };

export type ScimToken = { readonly id: string; readonly name: string; readonly created: number; readonly seen: number };

type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object of the server's; none when it is none. */
export function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

/** A field as a text; "" when it is none. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A field as a list of texts. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** A time of the server's in milliseconds; 0 for Go's zero and for what is none. */
export function time(value: unknown): number {
  const at = typeof value === "string" ? Date.parse(value) : typeof value === "number" ? value : 0;
  return Number.isFinite(at) && at > 0 ? at : 0;
}

/** A list of the server's, under its name. */
export function list<T>(body: unknown, name: string, read: (value: Fields) => T | undefined): readonly T[] {
  const items = fields(body)[name];
  if (!Array.isArray(items)) throw new ApiError(500, "internal", words.get().frame.unreadable);
  return items.map((item) => read(fields(item))).filter((item) => item !== undefined);
}

/** Asks for something as it is now. */
export function get(path: string, signal?: AbortSignal): Promise<unknown> {
  return ask(path, { cache: "no-store", ...(signal === undefined ? {} : { signal }) });
}

/** Changes something. */
export function send(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<unknown> {
  return ask(path, { method, ...(body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }) });
}

/** The path of something of an organisation. */
export function orgPath(org: string, ...rest: readonly string[]): string {
  return ["/api/v1/orgs", ...[org, ...rest].map(encodeURIComponent)].join("/");
}

function toRole(value: unknown): OrgRole | undefined {
  return roles.find((role) => role === value);
}

function toOrg(of: Fields): Org | undefined {
  const id = text(of["id"]);
  if (id === "") return undefined;
  const members = of["members"];
  return {
    id,
    name: text(of["name"]),
    enforced: of["enforced"] === true,
    role: toRole(of["role"]),
    members: typeof members === "number" ? members : undefined,
    created: time(of["created"]),
  };
}

/** Who is asking. */
export async function fetchMe(signal?: AbortSignal): Promise<Me> {
  const body = fields(await get("/api/v1/me", signal));
  const account = fields(body["account"]);
  const id = text(account["id"]);
  const color = account["color"];
  return {
    account:
      id === ""
        ? undefined
        : {
            id,
            name: text(account["name"]),
            color: typeof color === "number" && color >= 0 ? color : 0,
            email: text(account["email"]),
            admin: account["admin"] === true,
          },
    orgs: Array.isArray(body["orgs"]) ? list(body, "orgs", toOrg) : [],
  };
}

/** Whether this person may make organisations. */
export async function mayMake(signal: AbortSignal): Promise<boolean> {
  return fields(await get("/api/v1/orgs", signal))["make"] === true;
}

/** Makes an organisation, whose owner one is. */
export async function makeOrg(name: string): Promise<string> {
  const body = fields(await send("POST", "/api/v1/orgs", { name }));
  return text(body["id"]);
}

/** All organisations of the installation. */
export async function fetchAllOrgs(signal: AbortSignal): Promise<readonly Org[]> {
  return list(await get("/api/v1/admin/orgs", signal), "orgs", toOrg);
}

/** One organisation. */
export async function fetchOrg(org: string, signal: AbortSignal): Promise<Org> {
  const body = await get(orgPath(org), signal);
  const found = toOrg(fields(body));
  if (found === undefined) throw new ApiError(500, "internal", words.get().frame.unreadable);
  return found;
}

export async function fetchMembers(org: string, signal: AbortSignal): Promise<readonly Member[]> {
  return list(await get(orgPath(org, "members"), signal), "members", (of) => {
    const role = toRole(of["role"]);
    if (role === undefined) return undefined;
    return {
      account: text(of["account"]),
      name: text(of["name"]),
      email: text(of["email"]),
      role,
      source: text(of["source"]),
      active: of["active"] !== false,
      seen: time(of["seen"]),
    };
  });
}

export async function fetchInvitations(org: string, signal: AbortSignal): Promise<readonly Invitation[]> {
  return list(await get(orgPath(org, "invitations"), signal), "invitations", (of) => {
    const role = toRole(of["role"]);
    if (role === undefined) return undefined;
    return { id: text(of["id"]), role, email: text(of["email"]), by: text(of["by"]), created: time(of["created"]), expires: time(of["expires"]) };
  });
}

/** Makes an invitation, and gives the address that it opens with. */
export async function invite(org: string, role: OrgRole): Promise<string> {
  const body = fields(await send("POST", orgPath(org, "invitations"), { role }));
  return `${location.origin}${text(body["path"])}`;
}

export async function fetchDomains(org: string, signal: AbortSignal): Promise<readonly Domain[]> {
  return list(await get(orgPath(org, "domains"), signal), "domains", (of) => ({
    domain: text(of["domain"]),
    record: text(of["record"]),
    token: text(of["token"]),
    verified: time(of["verified"]),
    failing: time(of["failing"]),
  }));
}

function toConnection(of: Fields): Connection | undefined {
  const kind = of["kind"];
  if (kind !== "saml" && kind !== "oidc") return undefined;
  return {
    id: text(of["id"]),
    kind,
    name: text(of["name"]),
    enabled: of["enabled"] === true,
    settings: fields(of["settings"]),
    secrets: texts(of["secrets"]),
    path: text(of["path"]),
    origin: text(of["origin"]),
  };
}

export async function fetchConnections(org: string, signal: AbortSignal): Promise<readonly Connection[]> {
  return list(await get(orgPath(org, "connections"), signal), "connections", toConnection);
}

export async function fetchConnection(org: string, id: string, signal: AbortSignal): Promise<Connection> {
  return connectionOf(await get(orgPath(org, "connections", id), signal));
}

/** A connection from what the server has answered. */
export function connectionOf(body: unknown): Connection {
  const found = toConnection(fields(body));
  if (found === undefined) throw new ApiError(500, "internal", words.get().frame.unreadable);
  return found;
}

/** What a test from the server's side has found. */
export async function testConnection(org: string, id: string): Promise<readonly Step[]> {
  return list(await send("POST", orgPath(org, "connections", id, "test")), "steps", toStep);
}

export function toStep(of: Fields): Step | undefined {
  const name = text(of["name"]);
  return name === "" ? undefined : { name, ok: of["ok"] === true, detail: text(of["detail"]), fix: text(of["fix"]) };
}

/** The tokens for provisioning, and the address that goes with them. */
export async function fetchScim(org: string, signal: AbortSignal): Promise<{ readonly base: string; readonly tokens: readonly ScimToken[] }> {
  const body = await get(orgPath(org, "scim-tokens"), signal);
  const tokens = list(body, "tokens", (of) => ({ id: text(of["id"]), name: text(of["name"]), created: time(of["created"]), seen: time(of["seen"]) }));
  return { base: text(fields(body)["base"]) || `${location.origin}/scim/v2`, tokens };
}

/** A group that provisioning has brought, and what its people are here; undefined when it says nothing. */
export type ScimGroup = { readonly id: string; readonly name: string; readonly role: OrgRole | undefined; readonly members: number };

export async function fetchScimGroups(org: string, signal: AbortSignal): Promise<readonly ScimGroup[]> {
  return list(await get(orgPath(org, "groups"), signal), "groups", (of) => {
    const members = of["members"];
    return { id: text(of["id"]), name: text(of["name"]), role: toRole(of["role"]), members: typeof members === "number" ? members : 0 };
  });
}
