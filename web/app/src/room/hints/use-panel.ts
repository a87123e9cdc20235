import { useStore } from "../../lib/store";
import { locale } from "../../words";
import { panel as de } from "../../words/de/hints-panel";
import { panel as en, type PanelWords } from "../../words/en/hints-panel";
import { useSession } from "../context";
import { Hints } from "./hints";

/** The words of the panel, in the language of the page. */
export function usePanelWords(): PanelWords {
  return useStore(locale) === "de" ? de : en;
}

/** The questions of this person, which outlive the panel. */
export function useHints(): Hints {
  const session = useSession();
  return session.hints.keep(() => new Hints(session));
}
