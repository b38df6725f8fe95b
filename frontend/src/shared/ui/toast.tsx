import { Check, CircleAlert, X } from "lucide-react";

/** What came of something that was asked for, to be told once; null when there is nothing. */
export type Told = {
  text: string;
  isRefused: boolean;
  /** Takes back what was done. */
  undo?: (() => void) | undefined;
};
export type Tell = (told: Told) => void;

type Props = { told: Told | null; onClose: () => void };

/** What came of an action, at the foot of the page until it is closed or the next one ends. */
export function Toast({ told, onClose }: Props) {
  const Icon = told?.isRefused ? CircleAlert : Check;
  return (
    // both stand empty from the start: what is put into them later is read aloud
    <div className="toasts">
      {[false, true].map((isRefused) => (
        <div key={String(isRefused)} role={isRefused ? "alert" : "status"}>
          {told?.isRefused === isRefused && (
            <div className={`note toast ${isRefused ? "loss" : "gain"}`}>
              <Icon aria-hidden="true" size={16} className="shrink-0 mt-0.5" />
              <p className="min-w-0 break-words">{told.text}</p>
              {told.undo && (
                <button
                  type="button"
                  className="lnk shrink-0"
                  onClick={() => {
                    onClose();
                    told.undo?.();
                  }}
                >
                  Undo
                </button>
              )}
              <button
                type="button"
                className="btn icon -my-2 -mr-2.5 ml-auto shrink-0"
                aria-label="Close this message"
                onClick={onClose}
              >
                <X aria-hidden="true" size={16} />
              </button>
            </div>
          )}
        </div>
      ))}
    </div>
  );
}
