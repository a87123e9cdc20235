import { ApiError } from "../../lib/api";
import { useStore } from "../../lib/store";
import { locale } from "../../words";
import { access as de } from "../../words/de/access";
import { access as en, type AccessWords } from "../../words/en/access";
import { useSession } from "../context";

/** The words about who may come in, in the language of the page. They are loaded with what shows them. */
export function useAccessWords(): AccessWords {
  return useStore(locale) === "de" ? de : en;
}

/** What went wrong, in words that say what to do. */
export function problemIn(error: unknown, w: AccessWords): string {
  if (!(error instanceof ApiError)) return w.passcodePage.failed;
  return w.problems[error.code] ?? error.message;
}

/** Does something that the server may refuse, and says so if it does. Resolves to whether it was done. */
export function useAttempt(): (act: () => Promise<unknown>) => Promise<boolean> {
  const { notes } = useSession();
  const w = useAccessWords();
  return async (act) => {
    try {
      await act();
      return true;
    } catch (error) {
      notes.error(problemIn(error, w));
      return false;
    }
  };
}
