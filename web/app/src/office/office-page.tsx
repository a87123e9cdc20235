import type { ReactNode } from "react";

/** The pages of organisations and of the administrator. */
export function OfficePage({ path }: { readonly path: string }): ReactNode {
  return <main data-path={path} />;
}
