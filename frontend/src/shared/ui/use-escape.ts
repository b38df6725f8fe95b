import { useEffect, type RefObject } from "react";

/** Escape anywhere inside a part of the page. */
export function useEscape(part: RefObject<HTMLElement | null>, onEscape: () => void): void {
  useEffect(() => {
    const element = part.current;
    const listen = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) onEscape();
    };
    element?.addEventListener("keydown", listen);
    return () => {
      element?.removeEventListener("keydown", listen);
    };
  });
}
