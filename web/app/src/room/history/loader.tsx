import { useEffect, useState, type ComponentType, type ReactNode } from "react";
import { whenIdle } from "../../lib/later";
import { Button } from "../../ui/button";
import { useWords } from "../../words";

type Loaded = { readonly view?: ComponentType; readonly failed?: boolean };

const load = (): Promise<ComponentType> => import("./history-view").then(({ HistoryView }) => HistoryView);

/** Loads the history while the page has nothing else to do, so that it is there without a connection too; the answer stops that. */
export function preloadHistory(): () => void {
  return whenIdle(() => void load().catch(() => undefined));
}

/** The history, which is loaded when it is first wanted. That may fail without a connection, and is tried again on demand. */
export function HistoryLoader(): ReactNode {
  const words = useWords().history;
  const [{ view: View, failed = false }, setLoaded] = useState<Loaded>({});
  useEffect(() => {
    if (View !== undefined || failed) return;
    load().then(
      (view) => setLoaded({ view }),
      () => setLoaded({ failed: true }),
    );
  }, [View, failed]);
  if (View !== undefined) return <View />;
  if (!failed) return <div className="view-loading" aria-busy="true" />;
  return (
    <div className="view-failed" role="alert">
      <p>{words.failed}</p>
      <Button onPress={() => setLoaded({})}>{words.retry}</Button>
    </div>
  );
}
