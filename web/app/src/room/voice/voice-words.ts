import { useStore } from "../../lib/store";
import { locale, type Locale } from "../../words";
import { voice as de } from "../../words/de/voice";
import { voice as en, type VoiceWords } from "../../words/en/voice";

export type { VoiceWords };

/** The words about voice in a language. They are loaded with what shows them. */
export function voiceWords(of: Locale): VoiceWords {
  return of === "de" ? de : en;
}

/** Those in the language of the page. */
export function useVoiceWords(): VoiceWords {
  return voiceWords(useStore(locale));
}
