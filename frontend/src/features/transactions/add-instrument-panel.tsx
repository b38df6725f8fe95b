import { X } from "lucide-react";
import { useState } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { FoundOut, InstrumentOut } from "@/shared/api/gen/types.gen";
import { InstrumentByHand } from "./instrument-by-hand";
import { InstrumentSearch } from "./instrument-search";

type Props = {
  words: string;
  onAdded: (instrument: InstrumentOut) => void;
  onClose: () => void;
};

/** Find an instrument, here or at a provider, or say by hand what it is. */
export default function AddInstrumentPanel({ words, onAdded, onClose }: Props) {
  const [typing, setTyping] = useState<Partial<FoundOut> | null>(null);
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
            <Heading slot="title" className="text-[1.1875rem] leading-7 min-w-0">
              Add an instrument
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
          {typing === null ? (
            <InstrumentSearch words={words} onChosen={onAdded} onTyping={setTyping} />
          ) : (
            <InstrumentByHand
              begun={typing}
              onAdded={onAdded}
              onBack={() => {
                setTyping(null);
              }}
            />
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
