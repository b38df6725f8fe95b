import { queryOptions } from "@tanstack/react-query";
import { listAccounts } from "./gen/sdk.gen";
import { unwrap } from "./problem";

/** Every account of the portfolio; many pages name them. */
export const accountsKey = ["accounts"] as const;

export const accountsQuery = queryOptions({
  queryKey: accountsKey,
  queryFn: ({ signal }) => unwrap(listAccounts({ query: { limit: 200 }, signal })),
  staleTime: 60_000,
});
