import { lazy, Suspense, type ReactNode } from "react";
import { useStore } from "../../lib/store";
import { useSession } from "../context";

const ShareDialog = lazy(async () => ({ default: (await import("./share-dialog")).ShareDialog }));
const RemoveDialog = lazy(async () => ({ default: (await import("./remove-dialog")).RemoveDialog }));

/** The dialogs about people. */
export function PeopleDialogs(): ReactNode {
  const { people } = useSession();
  const asking = useStore(people.asking);
  if (asking === undefined) return null;
  const close = (): void => people.asking.set(undefined);
  return (
    <Suspense fallback={null}>
      {asking.kind === "share" ? <ShareDialog onClose={close} /> : <RemoveDialog person={asking.person} name={asking.name} onClose={close} />}
    </Suspense>
  );
}
