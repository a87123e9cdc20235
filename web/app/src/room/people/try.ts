import { ApiError } from "../../lib/api";
import { useWords } from "../../words";
import { useSession } from "../context";

/** Does something that the server may refuse, and says so if it does. Resolves to whether it was done. */
export function useTry(): (act: () => Promise<unknown>) => Promise<boolean> {
  const { notes } = useSession();
  const { people } = useWords();
  return async (act) => {
    try {
      await act();
      return true;
    } catch (error) {
      notes.error(error instanceof ApiError ? error.message : people.share.failed);
      return false;
    }
  };
}
