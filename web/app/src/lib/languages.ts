import { ApiError, fetchLanguages, type Language } from "./api";
import { Store } from "./store";
import { recallList, rememberFirst } from "./storage";

/** The catalogue of languages, as far as it is known. */
export type Catalogue = {
  readonly state: "loading" | "ready" | "failed";
  readonly list: readonly Language[];
  readonly error?: string;
};

/** The server's languages; loadLanguages fills it. */
export const catalogue = new Store<Catalogue>({ state: "loading", list: [] });

let asked = false;

/** Asks for the catalogue, once; again after a failure. */
export function loadLanguages(): void {
  if (asked) return;
  asked = true;
  if (catalogue.get().state === "failed") catalogue.set({ state: "loading", list: [] });
  fetchLanguages().then(
    (list) => catalogue.set({ state: "ready", list }),
    (error: unknown) => {
      asked = false;
      const message = error instanceof ApiError ? error.message : "The list of languages could not be loaded.";
      catalogue.set({ state: "failed", list: [], error: message });
    },
  );
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

/** Whether a language answers to what was typed: its name, id, an alias or an extension. */
export function matches(language: Language, query: string): boolean {
  const q = query.trim().toLowerCase().replace(/^\./, "");
  if (q === "") return true;
  const names = [language.id, ...language.aliases, ...language.extensions];
  return language.name.toLowerCase().includes(q) || names.some((name) => name.startsWith(q));
}

/** The part of a file's name after its last point. */
export function extensionOf(name: string): string {
  const base = name.slice(name.lastIndexOf("/") + 1);
  const point = base.lastIndexOf(".");
  return point > 0 ? base.slice(point + 1).toLowerCase() : "";
}
