import type { ReactNode } from "react";
import { useWords } from "../words";

/** What stands where a view will be, while its code is on its way: nothing for a moment, then that it is being loaded. */
export function Loading(): ReactNode {
  return (
    <output className="view-loading" aria-busy="true">
      <span className="spinner" aria-hidden="true" /> {useWords().frame.loading}
    </output>
  );
}
