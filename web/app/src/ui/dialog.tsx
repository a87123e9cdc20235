import { lazy, Suspense, type ReactNode } from "react";
import type { DialogProps } from "./modal";

const ModalDialog = lazy(async () => ({ default: (await import("./modal")).ModalDialog }));

/** A dialog in the middle of the page; Escape and a press outside close it. What it is made of is loaded when it is first shown. */
export function Dialog(props: DialogProps): ReactNode {
  return (
    <Suspense fallback={null}>
      <ModalDialog {...props} />
    </Suspense>
  );
}
