import { queryOptions } from "@tanstack/react-query";
import { getGains, getLot, listHoldings, listLots, listPositions } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import { sliceQuery, type Slice } from "@/shared/slice";
import { knownQuery } from "@/shared/ui/known";
import { momentQuery, type Moment } from "@/shared/ui/moment-fields";

const scope = (account: string | undefined) => (account ? { account_id: account } : {});

export const holdingsQuery = (account: string | undefined, known?: string, slice?: Slice) =>
  queryOptions({
    queryKey: ["valuation", "holdings", account ?? "all", known ?? "now", slice ?? "whole"],
    queryFn: ({ signal }) =>
      unwrap(
        listHoldings({
          query: { ...sliceQuery(account, slice), ...knownQuery(known) },
          signal,
        }),
      ),
  });

export const lotsQuery = (instrumentId: string, account: string | undefined, moment: Moment = {}) =>
  queryOptions({
    queryKey: ["valuation", "lots", instrumentId, account ?? "all", momentQuery(moment)],
    queryFn: ({ signal }) =>
      unwrap(
        listLots({
          query: { instrument_id: instrumentId, ...scope(account), ...momentQuery(moment) },
          signal,
        }),
      ),
  });

/** What one instrument realized, each gain at the rates of its own days. */
export const realizedQuery = (instrumentId: string, account: string | undefined) =>
  queryOptions({
    queryKey: ["valuation", "realized", instrumentId, account ?? "all"],
    queryFn: ({ signal }) =>
      unwrap(
        getGains({
          query: { instrument_id: [instrumentId], ...(account ? { account_id: [account] } : {}) },
          signal,
        }),
      ),
  });

export const lotQuery = (lotId: string) =>
  queryOptions({
    queryKey: ["valuation", "lot", lotId],
    queryFn: ({ signal }) => unwrap(getLot({ path: { lot_id: lotId }, signal })),
  });

export const positionsQuery = (account: string | undefined, moment: Moment) =>
  queryOptions({
    queryKey: ["valuation", "positions", account ?? "all", momentQuery(moment)],
    queryFn: ({ signal }) =>
      unwrap(listPositions({ query: { ...scope(account), ...momentQuery(moment) }, signal })),
  });
