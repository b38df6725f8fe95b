import { queryOptions } from "@tanstack/react-query";
import { getGains, getLot, listHoldings, listLots, listPositions } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import { sliceQuery, type Slice } from "@/shared/slice";
import { knownQuery } from "@/shared/ui/known";
import { momentQuery, type Moment } from "@/shared/ui/moment-fields";

/** Records keep a currency of their own, and a list of one instrument's is narrowed by the others. */
const recordsQuery = (account: string | undefined, slice: Slice | undefined) =>
  sliceQuery(account, slice && { ...slice, base: undefined });

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

export const lotsQuery = (
  instrumentId: string,
  account: string | undefined,
  moment: Moment = {},
  slice?: Slice,
) =>
  queryOptions({
    queryKey: [
      "valuation",
      "lots",
      instrumentId,
      account ?? "all",
      momentQuery(moment),
      slice ?? "whole",
    ],
    queryFn: ({ signal }) =>
      unwrap(
        listLots({
          query: {
            ...recordsQuery(account, slice),
            instrument_id: [instrumentId],
            ...momentQuery(moment),
          },
          signal,
        }),
      ),
  });

/** What one instrument realized, each gain at the rates of its own days. */
export const realizedQuery = (instrumentId: string, account: string | undefined, slice?: Slice) =>
  queryOptions({
    queryKey: ["valuation", "realized", instrumentId, account ?? "all", slice ?? "whole"],
    queryFn: ({ signal }) =>
      unwrap(
        getGains({
          query: { ...sliceQuery(account, slice), instrument_id: [instrumentId] },
          signal,
        }),
      ),
  });

export const lotQuery = (lotId: string) =>
  queryOptions({
    queryKey: ["valuation", "lot", lotId],
    queryFn: ({ signal }) => unwrap(getLot({ path: { lot_id: lotId }, signal })),
  });

export const positionsQuery = (account: string | undefined, moment: Moment, slice?: Slice) =>
  queryOptions({
    queryKey: ["valuation", "positions", account ?? "all", momentQuery(moment), slice ?? "whole"],
    queryFn: ({ signal }) =>
      unwrap(
        listPositions({
          query: { ...recordsQuery(account, slice), ...momentQuery(moment) },
          signal,
        }),
      ),
  });
