import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";

type Props = { title: string; onClose: () => void; children: ReactNode };

/** A panel beside the page it belongs to; on a phone in its place. */
export function SidePanel({ title, onClose, children }: Props) {
  return (
    <ModalOverlay
      isOpen
      isDismissable
      className="why-overlay"
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Modal className="why-modal">
        <Dialog className="why-dialog">
          <header className="flex items-start justify-between gap-4">
            <Heading slot="title" className="text-[1.1875rem] leading-7 min-w-0 break-words">
              {title}
            </Heading>
            <button
              type="button"
              className="btn icon shrink-0"
              aria-label="Close"
              onClick={onClose}
            >
              <X aria-hidden="true" size={18} />
            </button>
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
