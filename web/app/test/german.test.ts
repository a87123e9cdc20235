import { expect, test, vi } from "vitest";
import type { Command } from "../src/room/commands/command";
import { en } from "../src/words/en";
import { de } from "../src/words/de";
import { access as accessDe } from "../src/words/de/access";
import { pages as pagesDe } from "../src/words/de/door-pages";
import { access as accessEn } from "../src/words/en/access";
import { pages as pagesEn } from "../src/words/en/door-pages";

// Their views are of no interest here, and need a browser.
vi.mock("../src/room/dock/panels", () => ({ dockPanels: [] }));
vi.mock("../src/room/side/panels", () => ({ sidePanels: [] }));
vi.mock("../src/room/main/views", () => ({ mainViews: [] }));

/** The list of actions. It is loaded with parts of the page that ask a browser for this and that, and use none of it here. */
async function actions(): Promise<readonly Command[]> {
  const quiet = { matches: false, addEventListener: () => undefined };
  vi.stubGlobal("navigator", { platform: "Linux", languages: ["en"] });
  vi.stubGlobal("matchMedia", () => quiet);
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("location", { pathname: "/", search: "", origin: "" });
  vi.stubGlobal("getComputedStyle", () => ({ getPropertyValue: () => "" }));
  vi.stubGlobal("document", { documentElement: { dataset: {}, style: {} }, querySelectorAll: () => [], addEventListener: () => undefined });
  return (await import("../src/room/commands/all")).commands;
}

/** What is the same in both languages: names, and words that German has taken from English or shares with it. */
const same = new Set([
  "access.org",
  "chat.title",
  "editor.label",
  "editor.settings.emacs",
  "editor.settings.standard",
  "editor.settings.vim",
  "files.search.summary",
  "history.lengths.minutes",
  "history.text",
  "history.version",
  "status.banner.offline",
  "status.label",
  "status.mark.offline",
  "frame.code",
  "pages.account.passkeys",
  "pages.device.code",
  "frame.help.terminal",
]);

type Said = { readonly path: string; readonly text: string };

/** Everything that a table says: strings as they are, functions with a name or a number put in. */
function said(value: unknown, path: string): Said[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value === "function") return [{ path, text: call(value as (...args: unknown[]) => unknown, path) }];
  if (typeof value !== "object" || value === null) throw new Error(`${path} is neither a string, a function nor a table`);
  return Object.entries(value).flatMap(([key, inner]) => said(inner, path === "" ? key : `${path}.${key}`));
}

function call(f: (...args: unknown[]) => unknown, path: string): string {
  for (const sample of [7, "Ada"]) {
    try {
      const text = f(...Array.from({ length: Math.max(1, f.length) }, () => sample));
      if (typeof text === "string") return text;
    } catch {
      // It wants something else.
    }
  }
  throw new Error(`${path} gives no string for a number or a name`);
}

/** Those of the pages to come in by, and of who may come into a room, are loaded with what shows them. */
const english = said({ ...en, pages: pagesEn, access: accessEn }, "");
const german = new Map(said({ ...de, pages: pagesDe, access: accessDe }, "").map(({ path, text }) => [path, text]));

test("German has everything that English has, and nothing is empty", () => {
  const lacking = english.filter(({ path, text }) => text.trim() === "" || (german.get(path) ?? "").trim() === "").map(({ path }) => path);
  expect(lacking).toEqual([]);
});

test("nothing is English by accident", () => {
  const equal = english.filter(({ path, text }) => german.get(path) === text && /\p{L}{2}/u.test(text)).map(({ path }) => path);
  expect(equal.filter((path) => !same.has(path))).toEqual([]);
  expect([...same].filter((path) => !equal.includes(path))).toEqual([]);
});

test("German signs", () => {
  const wrong = [...german].filter(([, text]) => /["“][^"„“”]*["”]|\bSie\b|\bIhre?[nmrs]?\b|\b[Dd]eine?[nmrs]?\b|\b[Dd]u\b/.test(text)).map(([path, text]) => `${path}: ${text}`);
  expect(wrong).toEqual([]);
});

test("no two actions have one name of their own or one shortcut", async () => {
  const commands = await actions();
  const ids = commands.map(({ id }) => id);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  const keys = commands.flatMap(({ keys: one, also = [], elsewhere }) => (elsewhere === true ? [] : [...(one === undefined ? [] : [one]), ...also]));
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  for (const table of [en, de]) {
    const titles = commands.map(({ title }) => title(table));
    expect(titles.filter((title, i) => titles.indexOf(title) !== i || title === "")).toEqual([]);
  }
});
