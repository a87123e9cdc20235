import type { ReactNode } from "react";

/** The mark: two carets, each with its flag. */
export function Mark({ size = 22 }: { readonly size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M8 4v16" stroke="var(--p0)" strokeWidth="2.4" strokeLinecap="round" />
      <path d="M16 4v16" stroke="var(--p1)" strokeWidth="2.4" strokeLinecap="round" />
      <path d="M8 4h4.6v4.2H8z" fill="var(--p0)" stroke="var(--p0)" strokeWidth="1" strokeLinejoin="round" />
      <path d="M16 20h-4.6v-4.2H16z" fill="var(--p1)" stroke="var(--p1)" strokeWidth="1" strokeLinejoin="round" />
    </svg>
  );
}

/** The name, set beside the mark. */
export function Wordmark({ size = 15 }: { readonly size?: number }): ReactNode {
  return (
    <span className="wordmark" style={{ fontSize: size }}>
      Code<b>Collab</b>
    </span>
  );
}
