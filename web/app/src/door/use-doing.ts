import { useCallback, useState } from "react";
import { ApiError } from "../lib/api";
import { sentence, usePages } from "./use-words";

/** Something that a press does: whether it is under way, what went wrong last, and how to begin it. */
export type Doing = {
  readonly busy: boolean;
  readonly problem: string;
  /** The server wants to be sure who this is: they have signed in too long ago. */
  readonly stale: boolean;
  readonly run: (what: () => Promise<unknown>) => void;
  readonly say: (problem: string) => void;
};

/** One action at a time, with the sentence of the one that failed last. */
export function useDoing(): Doing {
  const w = usePages();
  const [busy, setBusy] = useState(false);
  const [problem, say] = useState("");
  const [stale, setStale] = useState(false);
  const run = useCallback(
    (what: () => Promise<unknown>): void => {
      setBusy(true);
      setStale(false);
      say("");
      what()
        .catch((error: unknown) => {
          setStale(error instanceof ApiError && error.code === "sign_in_again");
          say(sentence(error, w));
        })
        .finally(() => setBusy(false));
    },
    [w],
  );
  return { busy, problem, stale, run, say };
}
