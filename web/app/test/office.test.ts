import { readdirSync, readFileSync } from "node:fs";
import { DOMParser as XmlParser } from "@xmldom/xmldom";
import { expect, test } from "vitest";
import { byDay, conditions, groups, sentence, type Entry } from "../src/office/audit/audit";
import { mayChange, fits } from "../src/office/members/members";
import { parts } from "../src/office/rich";
import { validityOf } from "../src/office/sign-in/certificate";
import { readMetadata } from "../src/office/sign-in/metadata";
import { stepsOf } from "../src/office/sign-in/tested";
import { groupRoles, issuerProblem, ourValues, providerOf, providers, urlProblem, usualSettings } from "../src/office/sign-in/values";
import { cleanDomain } from "../src/office/domain";
import { office as de } from "../src/words/de/office";
import { trail as deTrail } from "../src/words/de/office-audit";
import { guide as deGuide } from "../src/words/de/office-guide";
import { office as en } from "../src/words/en/office";
import { trail as enTrail } from "../src/words/en/office-audit";
import { guide as enGuide, type Guide } from "../src/words/en/office-guide";

const entry = (of: Partial<Entry>): Entry => ({
  seq: 1,
  at: 0,
  org: "o1",
  person: "u1",
  name: "Ada",
  action: "sign_in",
  target: "",
  outcome: "ok",
  address: "",
  agent: "",
  detail: {},
  ...of,
});
const names = new Map([["u2", "Ben"], ["c1", "Okta"]]);
const said = (of: Partial<Entry>, w = enTrail): string => {
  const { who, before, target, after } = sentence(entry(of), w, names);
  return `${who} ${before}${target}${after}`;
};

test.each([
  [{}, "Ada signed in", "Ada hat sich angemeldet"],
  [{ action: "member_role", target: "u2", detail: { role: "admin", before: "member" } }, "Ada made Ben an admin", "Ada hat Ben zum Verwalter gemacht"],
  [{ action: "member_removed", target: "u9" }, "Ada removed u9", "Ada hat u9 entfernt"],
  [{ action: "connection_changed", target: "c1", detail: { enabled: "yes" } }, "Ada switched the connection Okta on", "Ada hat die Verbindung Okta eingeschaltet"],
  [{ action: "connection_changed", target: "c1", detail: { changed: "issuer" } }, "Ada changed the connection Okta", "Ada hat die Verbindung Okta geändert"],
  [{ action: "org_changed", target: "o1", detail: { enforced: "yes" } }, "Ada required single sign-on", "Ada verlangt jetzt Single Sign-on"],
  [{ action: "connection_removed", target: "c7", detail: { name: "Old" } }, "Ada deleted the connection Old", "Ada hat die Verbindung Old gelöscht"],
  [{ outcome: "wrong_password" }, "Ada could not sign in", "Ada konnte sich nicht anmelden"],
  [{ outcome: "last_owner", action: "member_removed", target: "u2" }, "Ada tried, and was refused: removed Ben", "Ada ohne Erfolg: hat Ben entfernt"],
  [{ action: "domain_lost", name: "", person: "", target: "a.example" }, "The server found the domain a.example confirmed no more", "Der Server fand die Domain a.example nicht mehr bestätigt"],
  [{ name: "", person: "u2" }, "Ben signed in", "Ben hat sich angemeldet"],
  [{ action: "not_yet_known", target: "x" }, "Ada not yet known", "Ada not yet known"],
] as const)("a line of the audit log in words: %#", (of, english, german) => {
  expect(said(of)).toBe(english);
  expect(said(of, deTrail)).toBe(german);
});

test("what people are called stays text, and no name is taken for a place in the sentence", () => {
  const { target, before } = sentence(entry({ action: "domain_added", target: "%s<b>" }), enTrail, new Map());
  expect([before, target]).toEqual(["added the domain ", "%s<b>"]);
});

test("every action of the server's vocabulary has a sentence and a place among the filters", () => {
  const source = readFileSync(new URL("../../../internal/auth/audit.go", import.meta.url), "utf8");
  const actions = [...source.matchAll(/^\s+Act[A-Z]\w* += "([a-z_]+)"$/gm)].map((match) => match[1] ?? "");
  expect(actions.length).toBeGreaterThan(40);
  expect(actions.filter((action) => enTrail.actions[action] === undefined || deTrail.actions[action] === undefined)).toEqual([]);
  const filtered = new Set(groups.flatMap((group) => group.actions));
  expect(actions.filter((action) => !filtered.has(action))).toEqual([]);
});

test("conditions of a search, and lines by days", () => {
  expect(conditions({ q: " ", action: "", outcome: "" })).toBe("");
  expect(conditions({ q: "a&b", action: "sign_in", outcome: "failed" }, 7)).toBe("?q=a%26b&action=sign_in&outcome=failed&before=7");
  const days = byDay([entry({ seq: 3, at: 2000 }), entry({ seq: 2, at: 1000 }), entry({ seq: 1, at: 10 })], (at) => (at > 500 ? "b" : "a"));
  expect(days.map(({ day, entries }) => [day, entries.map(({ seq }) => seq)])).toEqual([["b", [3, 2]], ["a", [1]]]);
});

test("who may change whom", () => {
  expect(mayChange("admin", { role: "owner" })).toBe(false);
  expect(mayChange("admin", { role: "admin" })).toBe(true);
  expect(mayChange("owner", { role: "owner" })).toBe(true);
  expect(mayChange("member", { role: "member" })).toBe(false);
  expect(fits({ name: "Ada Lovelace", email: "ada@example.com" }, "love EXAMPLE")).toBe(true);
});

test("names of fields are told apart from the words around them", () => {
  expect(parts("Press *Next*, then .* is kept")).toEqual([
    { text: "Press ", name: false },
    { text: "Next", name: true },
    { text: ", then .* is kept", name: false },
  ]);
});

test("domains as people paste them", () => {
  for (const typed of ["example.com", " https://Example.com/path?x ", "ada@example.com", "example.com."]) expect(cleanDomain(typed)).toBe("example.com");
});

// Made with: openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=idp.example -days 30000 (not before 28 Nov 2026)
const pem = readFileSync(new URL("idp.pem", import.meta.url), "utf8");
const base64 = pem.replace(/-----[^-]+-----|\s/g, "");

test("the days of a certificate", async () => {
  const { X509Certificate } = await import("node:crypto");
  const real = new X509Certificate(pem);
  expect(validityOf(pem)).toEqual({ from: Date.parse(real.validFrom), until: Date.parse(real.validTo) });
  expect(new Date(validityOf(base64)?.until ?? 0).getUTCFullYear()).toBeGreaterThan(2050);
  for (const broken of ["", "no certificate", base64.slice(0, 400), btoa("0123456789")]) expect(validityOf(broken)).toBeUndefined();
});

const parse = (xml: string): Document | undefined => {
  try {
    return new XmlParser({ onError: (level, message) => { if (level !== "warning") throw new Error(String(message)); } }).parseFromString(xml, "text/xml") as unknown as Document;
  } catch {
    return undefined;
  }
};
const idp = (inner: string, entity = "https://idp.example/e"): string =>
  `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${entity}">${inner}</md:EntityDescriptor>`;
const key = (use: string): string => `<md:KeyDescriptor${use}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n${base64}\n</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`;
const sso = (binding: string): string => `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="https://idp.example/${binding}"/>`;
const role = (inner: string): string => `<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${inner}</md:IDPSSODescriptor>`;

test("what stands in pasted metadata", () => {
  const good = idp(role(key("") + key(' use="encryption"') + sso("SOAP") + sso("HTTP-POST") + sso("HTTP-Redirect")));
  expect(readMetadata(`\n${good}`, parse)).toEqual({ entity: "https://idp.example/e", sso: "https://idp.example/HTTP-Redirect", certificates: [base64] });
});

test.each([
  ["", "xml"],
  ["https://idp.example/metadata", "xml"],
  ["<EntityDescriptor", "xml"],
  ["<!DOCTYPE html><html><body>Sign in</body></html>", "page"],
  ['<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>', "doctype"],
  ["<x/>", "kind"],
  [idp("<md:SPSSODescriptor/>"), "noIdp"],
  [idp("<md:SPSSODescriptor/>", "https://code.example/auth/saml/c1/metadata"), "ours"],
  [idp(role(key("") + sso("SOAP"))), "noSso"],
  [idp(role(key(' use="encryption"') + sso("HTTP-POST"))), "noCert"],
])("pasted metadata that is none: %#", (text, problem) => {
  expect(readMetadata(text, parse)).toEqual({ problem });
  expect(enGuide.problems[problem]).toBeTruthy();
});

test("addresses that are plainly wrong are named", () => {
  expect(urlProblem("https://idp.example/m")).toBe("");
  expect(urlProblem("idp.example/m")).toBe("url");
  expect(issuerProblem("https://example.okta.com")).toBe("");
  expect(issuerProblem("https://example-admin.okta.com")).toBe("admin");
  expect(issuerProblem("https://login.microsoftonline.com/TENANT/v2.0")).toBe("tenant");
  expect(issuerProblem("https://id.example/?x=1")).toBe("issuer");
});

test("the provider of a connection, and our values for it", () => {
  expect(providerOf({ name: "Okta", settings: {} })).toBe("okta");
  expect(providerOf({ name: "Okta", settings: { issuer: "https://login.microsoftonline.com/t/v2.0" } })).toBe("entra");
  expect(providerOf({ name: "Work", settings: { metadataXml: 'entityID="https://accounts.google.com/o/saml2?idpid=1"' } })).toBe("google");
  expect(providerOf({ name: "Okta", settings: { issuer: "https://id.example" } })).toBe("other");
  expect(ourValues("https://x.example", { id: "c1", kind: "saml" }, "okta")).toMatchObject({ acs: "https://x.example/auth/saml/c1/acs", entity: "https://x.example/auth/saml/c1/metadata", email: "email" });
  expect(ourValues("https://x.example", { id: "c1", kind: "oidc" }, "okta")["redirect"]).toBe("https://x.example/auth/sso/c1/callback");
  expect(usualSettings("oidc", "google")).not.toHaveProperty("groupsClaim");
  expect(groupRoles([{ key: 0, group: " devs ", role: "admin" }, { key: 1, group: "", role: "member" }])).toEqual({ devs: "admin" });
});

test("the steps of a test come out of the address, whatever stands there", () => {
  const steps = [{ name: "signature", ok: false, detail: "nicht für uns: ü", fix: "Correct it." }];
  const hash = `#${Buffer.from(JSON.stringify(steps)).toString("base64url")}`;
  expect(stepsOf(hash)).toEqual(steps);
  for (const broken of ["", "#", "#!!", "#e30", `#${btoa("[1,null,{}]")}`]) expect(stepsOf(broken)).toEqual([]);
});

test("every value that a guide asks for is one of ours, and every guide is there in both languages", () => {
  for (const provider of providers) {
    for (const kind of ["saml", "oidc"] as const) {
      const values = ourValues("https://x.example", { id: "c1", kind }, provider);
      const [a, b] = [enGuide, deGuide].map(({ guides }) => guides[`${provider}-${kind}`]) as [Guide, Guide];
      for (const one of [a, b]) {
        const asked = one.steps.flatMap((step) => step.values ?? []).map(([, value]) => value);
        expect(asked.filter((value) => !value.startsWith("=") && values[value] === undefined)).toEqual([]);
      }
      const shape = ({ steps, theirs }: Guide): unknown => [steps.map((step) => [step.does.length, step.path?.length, step.note === undefined, step.values?.map(([, value]) => value)]), theirs.length];
      expect(shape(b)).toEqual(shape(a));
    }
  }
});

/** Everything that a table says; functions with a name put in. */
function spoken(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") return [[path, String((value as (...args: unknown[]) => unknown)(...Array.from({ length: value.length }, () => "Ada")))]];
  return Object.entries(value as object).flatMap(([name, inner]) => spoken(inner, `${path}.${name}`));
}

test("German says all that English says, in its own words", () => {
  // Names that are the same in both languages, and what stands in English consoles.
  const same = /\.(guides|scim)\.|\.kinds\.(saml|oidc|sso)$|\.providers\.|\.sections\.(domains|sign-in)$|\.orgs\.name$|\.members\.(name|sources\.sso)$|\.domains\.(domain|host)$|\.allOrgs\.enforced$|\.general\.name$|\.tokens?$|\.people\.admin$|\.sso$|\.tried\.|\.backToAll$|\.fields\.(agent|person)$|\.settings\.\d+\.0$|Link$|\.link$/;
  for (const [english, german] of [[en, de], [enGuide, deGuide], [enTrail, deTrail]] as const) {
    const there = new Map(spoken(german, ""));
    for (const [path, text] of spoken(english, "")) {
      if (path.startsWith(".errors")) continue;
      expect(there.get(path)?.trim(), path).toBeTruthy();
      if (!same.test(path) && /\p{L}{3}/u.test(text)) expect(there.get(path), path).not.toBe(text);
    }
    const wrong = [...there].filter(([, text]) => /["“][^"„“”]*["”]|\bSie\b|\bIhre?[nmrs]?\b|\b[Dd]eine?[nmrs]?\b|\b[Dd]u\b/.test(text)).map(([path, text]) => `${path}: ${text}`);
    expect(wrong.filter((line) => !line.includes('eq "work"') && !line.includes(": Sie ") && !line.includes(". Sie "))).toEqual([]);
  }
});

test("the settings that the administrator is told of are there", () => {
  const known = readFileSync(new URL("../../../docs/settings.md", import.meta.url), "utf8");
  for (const w of [en, de]) expect(w.settings.settings.map(([name]) => name).filter((name) => !known.includes(`\`${name}\``))).toEqual([]);
});

test("what the server says to do, and is said in German here, is what it says", () => {
  const folders = ["auth/oidc", "auth/saml", "gate"].map((folder) => new URL(`../../../internal/${folder}/`, import.meta.url));
  const source = folders.flatMap((folder) => readdirSync(folder).filter((file) => file.endsWith(".go")).map((file) => readFileSync(new URL(file, folder), "utf8"))).join("\n");
  expect(Object.keys(deGuide.fixes).filter((told) => !source.includes(`"${told}"`))).toEqual([]);
});
