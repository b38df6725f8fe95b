import { queryOptions } from "@tanstack/react-query";
import { getInstrument, listHoldings, listLots } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";

const scope = (account: string | undefined) => (account ? { account_id: account } : {});

export const holdingsQuery = (account: string | undefined) =>
  queryOptions({
    queryKey: ["valuation", "holdings", account ?? "all"],
    queryFn: ({ signal }) => unwrap(listHoldings({ query: scope(account), signal })),
  });

export const lotsQuery = (instrumentId: string, account: string | undefined) =>
  queryOptions({
    queryKey: ["valuation", "lots", instrumentId, account ?? "all"],
    queryFn: ({ signal }) =>
      unwrap(listLots({ query: { instrument_id: instrumentId, ...scope(account) }, signal })),
  });

export const instrumentQuery = (instrumentId: string) =>
  queryOptions({
    queryKey: ["instruments", instrumentId],
    queryFn: ({ signal }) =>
      unwrap(getInstrument({ path: { instrument_id: instrumentId }, signal })),
  });
