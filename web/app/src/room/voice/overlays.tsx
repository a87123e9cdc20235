import { lazy, Suspense, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { useSession } from "../context";

const VoiceSettings = lazy(async () => ({ default: (await import("./voice-settings")).VoiceSettings }));
const ConnectionTest = lazy(async () => ({ default: (await import("./connection-test")).ConnectionTest }));
const Bar = lazy(async () => ({ default: (await import("./voice-bar")).VoiceBar }));

/** Talking, in the header, where the server has voice. */
export function VoiceBar(): ReactNode {
  const there = useStore(useSession().voice.people) !== undefined;
  return there ? (
    <Suspense fallback={null}>
      <Bar />
    </Suspense>
  ) : null;
}

/** The dialogs about talking. */
export function VoiceDialogs(): ReactNode {
  const { voice } = useSession();
  const asking = useStore(voice.asking);
  if (asking === undefined) return null;
  const close = (): void => voice.asking.set(undefined);
  return <Suspense fallback={null}>{asking === "test" ? <ConnectionTest onClose={close} /> : <VoiceSettings onClose={close} />}</Suspense>;
}
