import type { ReactNode } from "react";

/** The mark: two carets, each with its flag. */
export function Mark({ size = 22 }: { readonly size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M6.5 3.5v17" stroke="var(--p0)" strokeWidth="2.6" strokeLinecap="round" />
      <path d="M6.5 3.5h6v4.6h-6z" fill="var(--p0)" stroke="var(--p0)" strokeWidth="1.6" strokeLinejoin="round" />
      <path d="M17.5 3.5v17" stroke="var(--p1)" strokeWidth="2.6" strokeLinecap="round" />
      <path d="M17.5 20.5h-6v-4.6h6z" fill="var(--p1)" stroke="var(--p1)" strokeWidth="1.6" strokeLinejoin="round" />
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
