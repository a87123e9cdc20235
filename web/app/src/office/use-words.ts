import { useStore } from "../lib/store";
import { locale } from "../words";
import { office as de } from "../words/de/office";
import { guide as deGuide } from "../words/de/office-guide";
import { trail as deTrail } from "../words/de/office-audit";
import { office as en, type OfficeWords } from "../words/en/office";
import { guide as enGuide, type GuideWords } from "../words/en/office-guide";
import { trail as enTrail, type TrailWords } from "../words/en/office-audit";

/** The words of these pages, in the language of the page. They are loaded with them. */
export function useOfficeWords(): OfficeWords {
  return useStore(locale) === "de" ? de : en;
}

/** The words of the guided set-up. */
export function useGuideWords(): GuideWords {
  return useStore(locale) === "de" ? deGuide : enGuide;
}

/** The sentences of the audit log. */
export function useTrailWords(): TrailWords {
  return useStore(locale) === "de" ? deTrail : enTrail;
}
