import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { listCash, listCashMovements } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import { sliceQuery, type Slice } from "@/shared/slice";
import { momentQuery, type Moment } from "@/shared/ui/moment-fields";

// what follows from records is asked for again with the other figures
export const cashQuery = (account: string | undefined, moment: Moment, slice?: Slice) =>
  queryOptions({
    queryKey: ["valuation", "cash", account ?? "all", moment.on, moment.known, slice ?? "whole"],
    queryFn: ({ signal }) =>
      unwrap(
        listCash({
          query: {
            ...sliceQuery(account, slice),
            ...momentQuery({ on: moment.on, known: moment.known }),
          },
          signal,
        }),
      ),
  });

export const movementsQuery = (account: string, currency: string, moment: Moment) =>
  infiniteQueryOptions({
    queryKey: ["valuation", "cash", account, currency, moment.on, moment.known],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        listCashMovements({
          query: {
            account_id: account,
            currency,
            ...(moment.on ? { to: moment.on } : {}),
            ...(moment.known ? { as_known_on: moment.known } : {}),
            ...(pageParam ? { cursor: pageParam } : {}),
            limit: 100,
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
