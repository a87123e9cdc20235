import { ApiError } from "../lib/api";
import { useStore } from "../lib/store";
import { locale, words } from "../words";
import { pages as de } from "../words/de/door-pages";
import { pages as en, type PagesWords } from "../words/en/door-pages";

/** The words of these pages, in the language of the page. They are loaded with them. */
export function usePages(): PagesWords {
  return useStore(locale) === "de" ? de : en;
}

/** What went wrong, in words that say what to do. */
export function sentence(error: unknown, w: PagesWords): string {
  if (!(error instanceof ApiError)) return words.get().frame.unreadable;
  return w.problems[error.code] ?? error.message;
}
