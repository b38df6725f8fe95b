import type { ReactNode } from "react";

type Props = { label: string; isOff: boolean; onPress: () => void; children: ReactNode };

/** Stays reachable at the ends: focus would be lost with a button that goes away. */
export function Mover({ label, isOff, onPress, children }: Props) {
  return (
    <button
      type="button"
      className={`btn icon ${isOff ? "opacity-40" : ""}`}
      aria-label={label}
      aria-disabled={isOff}
      title={label}
      onClick={() => {
        if (!isOff) onPress();
      }}
    >
      {children}
    </button>
  );
}
