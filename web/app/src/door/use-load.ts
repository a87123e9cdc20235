import { useCallback, useEffect, useRef, useState } from "react";

/** What was asked of the server: nothing yet, the answer, or what went wrong. */
export type Loaded<T> = { readonly data?: T; readonly problem?: unknown };

/**
 * Asks when the component is first drawn, and again when told to; the answer before stays meanwhile, and one that was overtaken
 * is dropped. load must be the same function always.
 */
export function useLoad<T>(load: () => Promise<T>): readonly [Loaded<T>, () => void] {
  const [state, setState] = useState<Loaded<T>>({});
  const latest = useRef(0);
  const again = useCallback(() => {
    const turn = ++latest.current;
    load().then(
      (data) => {
        if (turn === latest.current) setState({ data });
      },
      (problem: unknown) => {
        if (turn === latest.current) setState((old) => ({ ...old, problem }));
      },
    );
  }, [load]);
  useEffect(() => {
    again();
    const turns = latest;
    return () => {
      turns.current++;
    };
  }, [again]);
  return [state, again];
}
