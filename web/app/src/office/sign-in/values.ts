import type { Connection, Kind } from "../api";

/** The providers that the guide knows the pages of, and all others. */
export const providers = ["okta", "entra", "google", "other"] as const;

export type Provider = (typeof providers)[number];

/** The kind that is usual at a provider: the other one is offered, too. */
export const usual: Readonly<Record<Provider, Kind>> = { okta: "saml", entra: "saml", google: "saml", other: "oidc" };

/** What the first name of a connection is; it also says which provider the guide was begun for. */
export const names: Readonly<Record<Exclude<Provider, "other">, string>> = { okta: "Okta", entra: "Microsoft Entra ID", google: "Google Workspace" };

/** The attributes in which a provider sends what, when it is set up as the guide says. */
const attributes: Readonly<Record<Provider, { readonly email: string; readonly name: string; readonly groups: string }>> = {
  okta: { email: "email", name: "name", groups: "groups" },
  entra: {
    email: "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    name: "http://schemas.microsoft.com/identity/claims/displayname",
    groups: "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
  },
  google: { email: "email", name: "firstName", groups: "groups" },
  other: { email: "email", name: "name", groups: "groups" },
};

/** The provider that a connection is for: by the addresses in its settings, else by its name. */
export function providerOf({ name, settings }: Pick<Connection, "name" | "settings">): Provider {
  const said = [settings["issuer"], settings["metadataUrl"], settings["entityId"], settings["metadataXml"]].filter((value) => typeof value === "string").join(" ");
  if (/\.okta(-emea|preview)?\.com|\.oktapreview\.com|www\.okta\.com/.test(said)) return "okta";
  if (/login\.microsoftonline\.|sts\.windows\.net/.test(said)) return "entra";
  if (/accounts\.google\.com/.test(said)) return "google";
  const by = (Object.keys(names) as (keyof typeof names)[]).find((id) => said === "" && names[id] === name);
  return by ?? "other";
}

/** Our values, which the provider has to be told, each by the name that the words of the guide use. */
export function ourValues(origin: string, { id, kind }: Pick<Connection, "id" | "kind">, provider: Provider): Readonly<Record<string, string>> {
  const saml = `${origin}/auth/saml/${id}`;
  const sso = `${origin}/auth/sso/${id}`;
  return kind === "saml"
    ? { acs: `${saml}/acs`, entity: `${saml}/metadata`, metadata: `${saml}/metadata`, slo: `${saml}/slo`, start: sso, ...attributes[provider], last: "lastName" }
    : { redirect: `${sso}/callback`, home: `${origin}/signin`, start: sso };
}

/** What a connection's settings have to say beside what the provider gives, when it is set up as the guide says. */
export function usualSettings(kind: Kind, provider: Provider): Readonly<Record<string, unknown>> {
  // Name and address are found by the names that are usual, which those of the guide are; groups are asked for when they are mapped.
  if (kind === "saml") return {};
  const scopes = provider === "okta" ? ["openid", "profile", "email", "groups"] : ["openid", "profile", "email"];
  return provider === "google" ? { scopes } : { scopes, groupsClaim: "groups" };
}

/** What the attribute or claim with the groups is called, when the provider is set up as the guide says. */
export function usualGroups(kind: Kind, provider: Provider): string {
  return kind === "saml" ? attributes[provider].groups : "groups";
}

/** A mapping of groups to roles, as lines to edit. */
export type GroupLine = { readonly key: number; readonly group: string; readonly role: string };

/** The lines of the mapping that settings have. */
export function groupLines(settings: Readonly<Record<string, unknown>>): readonly GroupLine[] {
  const map = settings["groupRoles"];
  if (typeof map !== "object" || map === null) return [];
  return Object.entries(map).map(([group, role], key) => ({ key, group, role: String(role) }));
}

/** The mapping that lines say; lines without a group are left out. */
export function groupRoles(lines: readonly GroupLine[]): Readonly<Record<string, string>> {
  return Object.fromEntries(lines.filter(({ group }) => group.trim() !== "").map(({ group, role }) => [group.trim(), role]));
}

/** Whether what the provider gives has been filled in. */
export function isFilled({ kind, settings }: Pick<Connection, "kind" | "settings">): boolean {
  const has = (name: string): boolean => typeof settings[name] === "string" && settings[name] !== "";
  return kind === "oidc" ? has("issuer") && has("clientId") : has("metadataUrl") || has("metadataXml") || has("ssoUrl");
}

/** What is plainly wrong with an address of metadata, as the name of the sentence for it; "" when nothing is. */
export function urlProblem(url: string): string {
  return /^https?:\/\/[^\s/]+/.test(url.trim()) ? "" : "url";
}

/** What is plainly wrong with an issuer, as the name of the sentence for it; "" when nothing is. */
export function issuerProblem(issuer: string): string {
  const text = issuer.trim();
  if (!/^https?:\/\/[^\s/]+[^\s?#]*$/.test(text)) return "issuer";
  if (/TENANT|\{.*\}/.test(text)) return "tenant";
  return /-admin\.okta(preview)?\.com/.test(text) ? "admin" : "";
}
