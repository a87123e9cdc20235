import { useStore } from "../../lib/store";
import { locale } from "../../words";
import { status as de } from "../../words/de/office-status";
import { status as en, type StatusWords } from "../../words/en/office-status";
import type { Trouble } from "./status";

/** The words of the overview, in the language of the page. */
export function useStatusWords(): StatusWords {
  return useStore(locale) === "de" ? de : en;
}

/** A problem in the page's words; one that is newer than the page is, in the server's. */
export function sentencesOf(w: StatusWords, trouble: Trouble): readonly [title: string, todo: string] {
  return w.codes[trouble.code] ?? [trouble.text, trouble.todo];
}
