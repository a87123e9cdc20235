import { type ReactNode } from "react";
import { Notice, Shell } from "./parts";
import { usePages } from "./use-words";

/** Asks whether a program on this computer may act in one's name. */
export function AuthorizePage(): ReactNode {
  const w = usePages();
  return (
    <Shell title={w.device.title} me>
      <div className="door-card">
        <Notice>{w.authorize.broken}</Notice>
      </div>
    </Shell>
  );
}
