import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { live } from "./live";

/** Every key of alerts starts here, so one call can invalidate them all. */
export const alertsKey = ["alerts"] as const;

/** What rules told is asked for again as soon as one of them tells. */
export function useAlerts(tenantId: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    const again = (): void => {
      void queries.invalidateQueries({ queryKey: alertsKey });
    };
    return live.listen(`alerts:${tenantId}`, {
      onData: (kind) => {
        if (kind === "alert") again();
      },
      onReload: again,
    });
  }, [tenantId, queries]);
}
