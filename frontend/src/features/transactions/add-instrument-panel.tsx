import { useState } from "react";
import type { FoundOut, InstrumentOut } from "@/shared/api/gen/types.gen";
import { SidePanel } from "@/shared/ui/side-panel";
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
    <SidePanel title="Add an instrument" onClose={onClose}>
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
    </SidePanel>
  );
}
