import type { ReactNode } from "react";
import { Dialog as AriaDialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

export type DialogProps = {
  readonly title: string;
  readonly onClose: () => void;
  readonly alert?: boolean;
  readonly wide?: boolean;
  readonly children: ReactNode;
};

/** A dialog in the middle of the page; Escape and a press outside close it. Use Dialog, which loads it when it is needed. */
export function ModalDialog({ title, onClose, alert = false, wide = false, children }: DialogProps): ReactNode {
  return (
    <ModalOverlay isOpen isDismissable className="scrim" onOpenChange={(open) => open || onClose()}>
      <Modal className={`dialog${wide ? " wide" : ""}`}>
        <AriaDialog role={alert ? "alertdialog" : "dialog"}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
