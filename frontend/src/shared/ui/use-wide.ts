import { useSyncExternalStore } from "react";

const WIDE = "(min-width: 48rem)";

// where no layout is known, as in component tests, a page is what a phone shows
const query = (): MediaQueryList | null =>
  typeof window.matchMedia === "function" ? window.matchMedia(WIDE) : null;

function subscribe(listener: () => void): () => void {
  const media = query();
  media?.addEventListener("change", listener);
  return () => {
    media?.removeEventListener("change", listener);
  };
}

/** Whether there is room for a table as wide as a desk; a phone has lists. */
export const useWide = (): boolean =>
  useSyncExternalStore(subscribe, () => query()?.matches ?? false);
