import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { live } from "./live";

/** Several accounts are often worked out one after the other: one look at all of them. */
export const GATHER_MS = 1_000;

function asking(queries: QueryClient) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    again: (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void queries.invalidateQueries({ queryKey: ["valuation"] });
      }, GATHER_MS);
    },
    stop: (): void => {
      clearTimeout(timer);
    },
  };
}

/** What is shown of a portfolio is asked for again when its values were worked out anew. */
export function useValuations(tenantId: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    const { again, stop } = asking(queries);
    const leave = live.listen(`valuation:${tenantId}`, {
      onData: (kind) => {
        if (kind === "rebuilt") again();
      },
      onReload: again,
    });
    return () => {
      stop();
      leave();
    };
  }, [tenantId, queries]);
}
