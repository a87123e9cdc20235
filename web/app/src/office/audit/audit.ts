import type { TrailWords } from "../../words/en/office-audit";
import { fields, get, list, text, time } from "../api";

/** A line of the audit log. */
export type Entry = {
  readonly seq: number;
  readonly at: number;
  readonly org: string;
  readonly person: string;
  readonly name: string;
  readonly action: string;
  readonly target: string;
  readonly outcome: string;
  readonly address: string;
  readonly agent: string;
  readonly detail: Readonly<Record<string, string>>;
};

/** What is looked for. */
export type Query = { readonly q: string; readonly action: string; readonly outcome: string };

/** A page of lines, the newest first, and where the next one begins; 0 when there is none. */
export type Lines = { readonly entries: readonly Entry[]; readonly next: number };

/** Where an organisation's log is; without one, the installation's. */
export function auditPath(org?: string): string {
  return org === undefined ? "/api/v1/admin/audit" : `/api/v1/orgs/${encodeURIComponent(org)}/audit`;
}

/** The conditions of a query, as they stand in an address. */
export function conditions({ q, action, outcome }: Query, before = 0): string {
  const params = new URLSearchParams();
  if (q.trim() !== "") params.set("q", q.trim());
  if (action !== "") params.set("action", action);
  if (outcome !== "") params.set("outcome", outcome);
  if (before > 0) params.set("before", String(before));
  const written = params.toString();
  return written === "" ? "" : `?${written}`;
}

/** Asks for a page of lines. */
export async function fetchLines(org: string | undefined, query: Query, before = 0, signal?: AbortSignal): Promise<Lines> {
  const body = await get(auditPath(org) + conditions(query, before), signal);
  const next = fields(body)["next"];
  return { entries: list(body, "entries", toEntry), next: typeof next === "number" ? next : 0 };
}

function toEntry(of: Readonly<Record<string, unknown>>): Entry | undefined {
  const seq = of["seq"];
  if (typeof seq !== "number") return undefined;
  const detail = Object.entries(fields(of["detail"])).flatMap(([key, value]) => (typeof value === "string" ? [[key, value] as const] : []));
  return {
    seq,
    at: time(of["at"]),
    org: text(of["org"]),
    person: text(of["person"]),
    name: text(of["name"]),
    action: text(of["action"]),
    target: text(of["target"]),
    outcome: text(of["outcome"]),
    address: text(of["address"]),
    agent: text(of["agent"]),
    detail: Object.fromEntries(detail),
  };
}

/** A line in words. The parts that people or providers have typed are told apart, so that they stay text whatever is in them. */
export type Sentence = { readonly who: string; readonly before: string; readonly target: string; readonly after: string };

/** Makes a sentence of a line. names are those that the page knows, by the id of a person, a connection or an organisation. */
export function sentence(entry: Entry, w: TrailWords, names: ReadonlyMap<string, string>): Sentence {
  const failed = entry.outcome === "ok" ? undefined : w.closer[`${entry.action}.failed`];
  const what = failed ?? w.closer[`${entry.action}.${closest(entry)}`] ?? w.actions[entry.action] ?? entry.action.replaceAll("_", " ");
  const said = entry.outcome === "ok" || failed !== undefined ? what : w.tried(what);
  const [before = "", after] = said.split("%s");
  const who = entry.name || names.get(entry.person) || (entry.person === "" && isOurs(entry.action) ? w.system : w.somebody);
  const target = after === undefined ? "" : names.get(entry.target) || entry.detail["name"] || entry.target;
  // With nothing to name, a sentence about it would end in the air.
  return { who, before, target: after !== undefined && target === "" ? "…" : target, after: after ?? "" };
}

/** What the details of a line say more, as its key in the table of closer sentences has it. */
function closest({ action, detail, person, target }: Entry): string {
  switch (action) {
    case "member_added":
    case "member_removed":
      return person !== "" && person === target ? "self" : (detail["role"] ?? "");
    case "sign_out":
      return truth(detail["everywhere"]) ? "everywhere" : "";
    case "person_changed":
      if (detail["active"] !== undefined) return truth(detail["active"]) ? "active" : "inactive";
      if (detail["admin"] !== undefined) return truth(detail["admin"]) ? "admin" : "plain";
      return "";
    case "connection_changed":
      return detail["enabled"] === undefined ? "" : truth(detail["enabled"]) ? "on" : "off";
    case "org_changed":
      if (detail["enforced"] !== undefined) return truth(detail["enforced"]) ? "enforced" : "free";
      return detail["name"] === undefined ? "" : "name";
    case "room_locked":
    case "passcode_set":
      return detail["on"] ?? detail["locked"] ?? detail["set"] ?? "";
    default:
      return detail["role"] ?? "";
  }
}

function truth(value: string | undefined): boolean {
  return value === "true" || value === "yes" || value === "1";
}

/** What the server does by itself. */
function isOurs(action: string): boolean {
  return ["swept", "domain_lost", "domain_verified", "session_ended", "scim_user_changed", "scim_group_changed", "person_made", "member_added"].includes(action);
}

/** The groups of actions that can be filtered by, each with what belongs to it. */
export const groups: readonly { readonly id: string; readonly actions: readonly string[] }[] = [
  {
    id: "sign",
    actions: ["setup", "register", "guest_adopted", "sign_in", "sign_out", "break_glass", "session_ended", "password_set", "reset_made", "passkey_added", "passkey_removed", "identity_added", "identity_ended", "token_made", "token_revoked"],
  },
  { id: "people", actions: ["member_added", "member_role", "member_removed", "invitation_made", "invitation_used", "invitation_revoked", "person_made", "person_changed", "person_exported", "person_deleted"] },
  {
    id: "sso",
    actions: ["domain_added", "domain_verified", "domain_lost", "domain_removed", "connection_added", "connection_changed", "connection_removed", "connection_tested", "scim_token_made", "scim_token_revoked", "scim_user_changed", "scim_group_changed"],
  },
  { id: "rooms", actions: ["room_made", "room_ended", "room_access", "room_locked", "passcode_set", "role_given", "link_rotated", "link_revoked", "visitor_let_in", "visitor_turned_away"] },
  { id: "other", actions: ["org_made", "org_changed", "org_deleted", "audit_exported", "swept"] },
];

/** Lines by the day on which they were, in the order that they are in. */
export function byDay(entries: readonly Entry[], dayOf: (at: number) => string): readonly { readonly day: string; readonly entries: readonly Entry[] }[] {
  const days: { day: string; entries: Entry[] }[] = [];
  for (const entry of entries) {
    const name = dayOf(entry.at);
    const last = days.at(-1);
    if (last?.day === name) last.entries.push(entry);
    else days.push({ day: name, entries: [entry] });
  }
  return days;
}
