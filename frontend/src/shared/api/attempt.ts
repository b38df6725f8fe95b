import { useRef } from "react";

type Attempt = { body: string; key: string };

/**
 * Names for attempts: the same body sent again is the same attempt, so a retry after a lost answer
 * acts once; a changed body is a new one. `settle` ends an attempt that got its answer.
 */
export function useAttempt() {
  const last = useRef<Attempt | null>(null);
  return {
    keyFor: (body: unknown): string => {
      const text = JSON.stringify(body) ?? "";
      if (last.current?.body !== text) last.current = { body: text, key: crypto.randomUUID() };
      return last.current.key;
    },
    settle: (): void => {
      last.current = null;
    },
  };
}
