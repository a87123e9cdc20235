import type { ReactNode } from "react";
import { initials } from "../lib/identity";

type Props = { readonly name: string; readonly color: number; readonly away?: boolean; readonly size?: number; readonly speaking?: boolean };

/** A person's initials on the person's colour; the name itself stands beside it or in the control's name. */
export function Avatar({ name, color, away = false, size = 24, speaking = false }: Props): ReactNode {
  return (
    <span
      className={`avatar p${color}`}
      aria-hidden="true"
      data-away={away || undefined}
      data-speaking={speaking || undefined}
      style={{ width: size, height: size, fontSize: Math.round(size * 0.42) }}
    >
      {initials(name)}
    </span>
  );
}
