import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "../lib/api";
import { locale, words } from "../words";
import { office as german } from "../words/de/office";

/** Something that is asked of the server: nothing yet, an answer (which stays while it is asked again), or what went wrong. */
export type Loaded<T> = { readonly data?: T; readonly problem?: ApiError };

/**
 * Asks when the component is first drawn, whenever the key changes, and when it is told to. An answer that was overtaken by a
 * later one is dropped.
 */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>): readonly [Loaded<T>, () => void] {
  const [state, setState] = useState<Loaded<T> & { readonly key: string }>({ key });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  useEffect(() => {
    const stop = new AbortController();
    latest.current(stop.signal).then(
      (data) => {
        if (!stop.signal.aborted) setState({ key, data });
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setState((old) => ({ ...(old.key === key ? old : { key }), problem: problemOf(error) }));
      },
    );
    return () => stop.abort();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- a turn is how it is told to ask again
  }, [key, turn]);
  const again = useCallback(() => setTurn((n) => n + 1), []);
  return [state.key === key ? state : {}, again];
}

/** An error as one that has a sentence for people, in the page's language where these pages know the code. */
export function problemOf(error: unknown): ApiError {
  if (!(error instanceof ApiError)) return new ApiError(0, "internal", words.get().frame.unreadable);
  // In English the server's own sentence is better: it has the numbers and names in it.
  const ours = locale.get() === "de" ? german.errors[error.code] : undefined;
  return ours === undefined ? error : new ApiError(error.status, error.code, ours);
}

/** Something that a press does: whether it is under way, what went wrong, and how to begin it. */
export type Doing = {
  readonly busy: boolean;
  readonly problem: string;
  readonly run: (what: () => Promise<unknown>) => void;
  readonly clear: () => void;
};

/** One action at a time, with the sentence of the one that failed last. */
export function useDoing(): Doing {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const run = useCallback((what: () => Promise<unknown>): void => {
    setBusy(true);
    setProblem("");
    what().then(
      () => setBusy(false),
      (error: unknown) => {
        setBusy(false);
        setProblem(problemOf(error).message);
      },
    );
  }, []);
  const clear = useCallback(() => setProblem(""), []);
  return { busy, problem, run, clear };
}
