import type { ReactNode } from "react";

const hand = "M6.8 7.2 9 2.6a1.4 1.4 0 0 1 1.4 1.6l-.4 2.4h2.4a1.3 1.3 0 0 1 1.3 1.6l-.9 4.1a1.3 1.3 0 0 1-1.3 1H6.8m0-6.1v6.1m0-6.1H3.4a.7.7 0 0 0-.7.7v4.7c0 .4.3.7.7.7h3.4";

/** A thumb, up or down; decoration beside a name. */
export function Thumb({ down = false }: { readonly down?: boolean }): ReactNode {
  return (
    <svg width="14" height="14" viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={hand} transform={down ? "rotate(180 8 8)" : undefined} />
    </svg>
  );
}
