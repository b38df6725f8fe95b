import { lazy, Suspense, useState } from "react";
import type { InstrumentOut } from "@/shared/api/gen/types.gen";

const AddInstrumentPanel = lazy(() => import("./add-instrument-panel"));

type Props = {
  /** What the button says. */
  children: string;
  className?: string;
  /** What was looked for already. */
  words?: string;
  onAdded: (instrument: InstrumentOut) => void;
};

/** Opens the search for an instrument that is not among those one knows, or is typed by hand. */
export function AddInstrument({ children, className = "lnk", words = "", onAdded }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={className}
        aria-haspopup="dialog"
        onClick={() => {
          setOpen(true);
        }}
      >
        {children}
      </button>
      {isOpen && (
        <Suspense fallback={null}>
          <AddInstrumentPanel
            words={words}
            onClose={() => {
              setOpen(false);
            }}
            onAdded={(instrument) => {
              setOpen(false);
              onAdded(instrument);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
