import { useState, type ReactNode } from "react";
import { useWords } from "../../words";
import { useRoom, useSession } from "../context";
import { setLock } from "./powers";
import { useTry } from "./try";

/** Leaves editing and running to the owners. */
export function LockSwitch(): ReactNode {
  const { room } = useSession();
  const { people: w } = useWords();
  const locked = useRoom((view) => view.locked);
  // What was asked for shows at once; the room's answer comes a moment later.
  const [wanted, setWanted] = useState<boolean>();
  const attempt = useTry();
  // It is not disabled meanwhile: it would lose the focus, and with it the keys of what it stands in.
  const toggle = (): void => {
    if (wanted !== undefined) return;
    setWanted(!locked);
    void attempt(() => setLock(room, !locked)).then(() => setWanted(undefined));
  };
  return (
    <label className="lock-switch">
      <input type="checkbox" checked={wanted ?? locked} onChange={toggle} />
      <span>{w.lock.label}</span>
    </label>
  );
}
