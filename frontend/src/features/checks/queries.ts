import { queryOptions } from "@tanstack/react-query";
import { getChecks } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";

export const checksKey = ["valuation", "checks"] as const;

export const checksQuery = queryOptions({
  queryKey: checksKey,
  queryFn: ({ signal }) => unwrap(getChecks({ signal })),
});
