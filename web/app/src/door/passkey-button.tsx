import { useEffect, useRef, type ReactNode } from "react";
import { KeyIcon } from "../ui/icons";
import { arrive } from "./arrive";
import { Problem, Wide } from "./parts";
import { knowsPasskeys, signInWithPasskey, wasCancelled } from "./passkey";
import { useDoing } from "./use-doing";
import { usePages } from "./use-words";

/** Signs in with a passkey; nothing where the browser has none. */
export function PasskeyButton(): ReactNode {
  const w = usePages();
  const { busy, problem, run, say } = useDoing();
  const stop = useRef(new AbortController());
  useEffect(() => {
    stop.current = new AbortController();
    return () => stop.current.abort();
  }, []);
  if (!knowsPasskeys()) return null;
  const enter = async (): Promise<void> => {
    try {
      await signInWithPasskey(stop.current.signal);
      await arrive();
    } catch (error) {
      if (!wasCancelled(error)) throw error;
      say(w.signIn.passkeyFailed);
    }
  };
  return (
    <>
      <Wide busy={busy} onPress={() => run(enter)}>
        {busy ? null : <KeyIcon />} {w.signIn.passkey}
      </Wide>
      {problem === "" ? null : <Problem text={problem} />}
    </>
  );
}
