import { useEffect, useState } from "react";
import { useLoad, type Loaded } from "../use-load";

/** Asks again and again for as long as somebody looks: a tab that is hidden asks nothing, and at once when it is shown. */
export function usePolled<T>(key: string, every: number, load: (signal: AbortSignal) => Promise<T>): readonly [Loaded<T>, () => void] {
  const [state, again] = useLoad(key, load);
  const [shown, setShown] = useState(() => !document.hidden);
  useEffect(() => {
    const look = (): void => setShown(!document.hidden);
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  useEffect(() => {
    if (!shown) return undefined;
    again();
    const timer = setInterval(again, every);
    return () => clearInterval(timer);
  }, [again, every, shown]);
  return [state, again];
}
