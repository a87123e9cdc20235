import { ApiError, fetchLanguage, fetchLanguages, type Language, type LanguageDetail } from "./api";
import { words } from "../words";
import { Store } from "./store";
import { recallList, rememberFirst } from "./storage";

/** The catalogue of languages, as far as it is known. */
export type Catalogue = {
  /** "looking": the list is there, but the server does not know yet which of the languages are on it. */
  readonly state: "loading" | "looking" | "ready" | "failed";
  readonly list: readonly Language[];
  readonly error?: string;
};

/** The server's languages; loadLanguages fills it. */
export const catalogue = new Store<Catalogue>({ state: "loading", list: [] });

/** How soon a list is asked for again while the server looks, and when it is old enough to be, in milliseconds. */
const again = { looking: 2000, old: 60_000 };

let asking = false;
let askedAt = Number.NEGATIVE_INFINITY;

/** Asks for the catalogue: the first time, after a failure, and when the last answer is old. */
export function loadLanguages(): void {
  const { state } = catalogue.get();
  if (asking || (state === "ready" && Date.now() - askedAt < again.old)) return;
  asking = true;
  if (state === "failed") catalogue.set({ state: "loading", list: [] });
  fetchLanguages()
    .then(
      ({ list, looking }) => {
        askedAt = Date.now();
        catalogue.set({ state: looking ? "looking" : "ready", list });
        if (looking) setTimeout(loadLanguages, again.looking);
      },
      (error: unknown) => {
        // A list that is there is better than none.
        const { list } = catalogue.get();
        const message = error instanceof ApiError ? error.message : words.get().frame.languages.failed;
        if (list.length === 0) catalogue.set({ state: "failed", list, error: message });
        else if (catalogue.get().state === "looking") setTimeout(loadLanguages, again.looking);
      },
    )
    .finally(() => {
      asking = false;
    });
}

const details = new Map<string, Promise<LanguageDetail>>();
const samples = new Map<string, string>();

/** The texts of a language, asked for once; again after a failure. */
export function languageDetail(id: string): Promise<LanguageDetail> {
  const known = details.get(id);
  if (known !== undefined) return known;
  const asked = fetchLanguage(id);
  details.set(id, asked);
  asked.then(
    ({ sample }) => samples.set(id, sample),
    () => details.delete(id),
  );
  return asked;
}

/** The sample of a language whose texts have come. */
export function knownSample(id: string): string | undefined {
  return samples.get(id);
}

/** The language of an id or an alias. */
export function findLanguage(list: readonly Language[], name: string): Language | undefined {
  const wanted = name.toLowerCase();
  return list.find((l) => l.id === wanted) ?? list.find((l) => l.aliases.includes(wanted));
}

/** Languages used before in this browser, the last one first. */
export function recentLanguages(): string[] {
  return recallList("languages");
}

/** Remembers that a language was used. */
export function usedLanguage(id: string): void {
  rememberFirst("languages", id, 3);
}

/**
 * How well a language answers to what was typed: 0 by its whole name or one that it goes by, 1 by the beginning of one of
 * them, 2 by a word in its name, 3 by a part of it; undefined: it does not.
 */
export function rank(language: Language, query: string): number | undefined {
  const q = query.trim().toLowerCase().replace(/^\./, "");
  if (q === "") return 3;
  const name = language.name.toLowerCase();
  const names = [name, language.id.toLowerCase(), ...language.aliases, ...language.extensions.map((e) => e.toLowerCase())];
  if (names.includes(q)) return 0;
  if (names.some((n) => n.startsWith(q))) return 1;
  const at = name.indexOf(q);
  if (at < 0) return undefined;
  return /[\s(/-]/.test(name.charAt(at - 1)) ? 2 : 3;
}

/** The languages that answer to what was typed, the best first; without a query all, in their order. */
export function search(list: readonly Language[], query: string): readonly Language[] {
  const found = list.map((language) => ({ language, rank: rank(language, query) })).filter((f) => f.rank !== undefined);
  return found.sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0)).map(({ language }) => language);
}

/** The part of a file's name after its last point. */
export function extensionOf(name: string): string {
  const base = name.slice(name.lastIndexOf("/") + 1);
  const point = base.lastIndexOf(".");
  return point > 0 ? base.slice(point + 1).toLowerCase() : "";
}

/**
 * The language that a file is of. Some endings are claimed by several: then the one that is preferred, which is the room's,
 * or one that is on this server, or is no dialect of another.
 */
export function languageOf(name: string, list: readonly Language[], preferred: string): Language | undefined {
  const extension = extensionOf(name);
  if (extension === "") return undefined;
  const claims = (l: Language): boolean => [...l.extensions, ...l.headers].some((e) => e.toLowerCase() === extension);
  const claiming = list.filter(claims);
  const plain = claiming.filter((l) => l.variantOf === undefined);
  return (
    claiming.find((l) => l.id === preferred) ??
    plain.find((l) => l.available && l.extensions.includes(extension)) ??
    plain.find((l) => l.extensions.includes(extension)) ??
    plain[0] ??
    claiming[0]
  );
}
