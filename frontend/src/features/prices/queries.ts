import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { getCustomSource, getSourceOrder, listManualPrices } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";

export const manualPricesQuery = (instrumentId: string) =>
  infiniteQueryOptions({
    queryKey: ["prices", "manual", instrumentId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        listManualPrices({
          path: { instrument_id: instrumentId },
          query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const customSourceQuery = (instrumentId: string) =>
  queryOptions({
    queryKey: ["prices", "custom", instrumentId],
    queryFn: ({ signal }) =>
      unwrap(getCustomSource({ path: { instrument_id: instrumentId }, signal })),
  });

export const sourceOrderQuery = queryOptions({
  queryKey: ["prices", "order"],
  queryFn: ({ signal }) => unwrap(getSourceOrder({ signal })),
});
