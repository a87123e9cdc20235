import { useCallback, useState } from "react";
import { sentence, usePages } from "./use-words";

/** Something that a press does: whether it is under way, what went wrong last, and how to begin it. */
export type Doing = {
  readonly busy: boolean;
  readonly problem: string;
  readonly run: (what: () => Promise<unknown>) => void;
  readonly say: (problem: string) => void;
};

/** One action at a time, with the sentence of the one that failed last. */
export function useDoing(): Doing {
  const w = usePages();
  const [busy, setBusy] = useState(false);
  const [problem, say] = useState("");
  const run = useCallback(
    (what: () => Promise<unknown>): void => {
      setBusy(true);
      say("");
      what()
        .catch((error: unknown) => say(sentence(error, w)))
        .finally(() => setBusy(false));
    },
    [w],
  );
  return { busy, problem, run, say };
}
