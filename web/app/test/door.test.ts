import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deviceOf } from "../src/door/account/agent";
import { time } from "../src/door/api";
import { looksLikeEmail } from "../src/door/email";
import { keptHash, localPath, restoreHash, signInPath } from "../src/lib/back";
import { toMe } from "../src/lib/me";

const kept = new Map<string, string>();

/** A browser that shows an address, as far as these functions know one. */
function at(address: string): void {
  const { pathname, search, hash } = new URL(address, "https://code.example");
  vi.stubGlobal("location", { pathname, search, hash, origin: "https://code.example" });
}

beforeEach(() => {
  kept.clear();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  vi.stubGlobal("history", { state: null, replaceState: (_: unknown, __: string, address: string) => at(address) });
  at("/");
});

afterEach(() => vi.unstubAllGlobals());

test.each([
  ["/", "/"],
  ["/r/calm-heron-abc2def3", "/r/calm-heron-abc2def3"],
  ["/device?code=ABCD-EFGH", "/device?code=ABCD-EFGH"],
  ["/r/x#key&v=3", "/r/x#key&v=3"],
  ["/invite", "/invite"],
  [null, "/"],
  ["", "/"],
  ["r/x", "/"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["/r\\..\\x", "/"],
  ["/\t/evil.example", "/"],
  ["/\n/evil.example", "/"],
  ["https://evil.example/", "/"],
  ["javascript:alert(1)", "/"],
  ["/signin", "/"],
  ["/signin?to=/signin", "/"],
  ["/../..//evil.example", "/"],
])("nobody is sent to another site: %j", (to, want) => {
  const path = localPath(to);
  expect(path).toBe(want);
  expect(new URL(path, "https://code.example").origin).toBe("https://code.example");
});

test("the key of a room stays in the tab while its person signs in", () => {
  at("/r/calm-heron?x=1#abcdefghijklmnopqrstuvwx&v=3");
  const path = signInPath();
  expect(path).toBe("/signin?to=%2Fr%2Fcalm-heron%3Fx%3D1");
  at(path);
  restoreHash();
  expect(location.hash).toBe("");
  expect(keptHash("/r/another")).toBe("");
  expect(keptHash("/r/calm-heron?x=1")).toBe("#abcdefghijklmnopqrstuvwx&v=3");
  at("/r/calm-heron?x=1"); // a provider sends them back to the path alone
  restoreHash();
  expect(location.hash).toBe("#abcdefghijklmnopqrstuvwx&v=3");
  at("/r/calm-heron?x=1");
  restoreHash();
  expect(location.hash, "it is put back once").toBe("");
  at("/r/calm-heron#abcdefghijklmnopqrstuvwx");
  signInPath();
  restoreHash(); // the page itself has put it back
  at("/r/calm-heron");
  restoreHash();
  expect(location.hash, "whoever signs out loses it").toBe("");
});

test("from the start page there is nothing to come back to", () => expect(signInPath()).toBe("/signin"));

test.each([
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome", "Windows", "computer"],
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge", "Windows", "computer"],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Safari/605.1.15", "Safari", "macOS", "computer"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari", "iPhone", "phone"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1", "Chrome", "iPhone", "phone"],
  ["Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome", "Android", "phone"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox", "Linux", "computer"],
  ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36", "Chrome", "Linux", "computer"],
  ["Mozilla/5.0 (compatible; something)", "", "", "program"],
  ["curl/8.5.0", "curl", "", "program"],
  ["", "", "", "program"],
  ["<b>x</b>", "", "", "program"],
])("a browser in words: %s", (agent, browser, system, kind) => {
  expect(deviceOf(agent)).toEqual({ browser, system, kind });
});

test("who somebody is, read from the server's answer", () => {
  expect(toMe({ person: "gabc", ways: { guests: true } })).toEqual({ person: "gabc", account: undefined, orgs: [], via: "", guests: true, ended: false });
  expect(toMe({ person: "", ways: { guests: false }, orgs: null }).guests).toBe(false);
  const answer = { person: "uabc", account: { id: "uabc", name: "Ada", email: "", color: -1, admin: true }, orgs: [{ id: "o1", name: "Acme", role: "owner" }, { id: 3 }], via: "password" };
  expect(toMe(answer)).toMatchObject({ account: { name: "Ada", color: -1, admin: true }, orgs: [{ id: "o1", name: "Acme", role: "owner" }], via: "password" });
  for (const broken of [undefined, null, "x", {}, { person: 3 }]) expect(() => toMe(broken)).toThrow("cannot be read");
});

test("the server's times; its zero is none", () => {
  expect([time("2026-11-28T14:00:00Z"), time("0001-01-01T00:00:00Z"), time(""), time(undefined)]).toEqual([Date.UTC(2026, 10, 28, 14), 0, 0, 0]);
});

test("addresses", () => {
  expect(["ada@example.org", " ada@example.org ", "a@localhost", "ada", "ada@", "@x", "a b@c.d"].map(looksLikeEmail)).toEqual([true, true, true, false, false, false, false]);
});
