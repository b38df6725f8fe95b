import { hashKey, queryOptions } from "@tanstack/react-query";
import { getAllocation } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import { sliceQuery, type Slice } from "@/shared/slice";
import { knownQuery } from "@/shared/ui/known";

export type PartsFilter = {
  /** A built-in cut, or a taxonomy's id. */
  by: string;
  account?: string | undefined;
  known?: string | undefined;
  slice?: Slice;
  /** Funds are shown as what they are, not as their parts. */
  isDirect?: boolean | undefined;
};

export const partsQuery = (filter: PartsFilter) => {
  const { by, isDirect, ...whole } = filter;
  return queryOptions({
    queryKey: ["valuation", "allocation", whole, { by, isDirect }],
    queryFn: ({ signal }) =>
      unwrap(
        getAllocation({
          query: {
            by: filter.by,
            ...sliceQuery(filter.account, filter.slice),
            ...(filter.isDirect ? { look_through: false } : {}),
            ...knownQuery(filter.known),
          },
          signal,
        }),
      ),
    // another cut is another view of the same whole: the last one stays until it comes
    placeholderData: (before, query) =>
      query !== undefined && hashKey([query.queryKey[2]]) === hashKey([whole]) ? before : undefined,
    refetchInterval: (query) => (query.state.data?.is_recomputing ? 1_000 : false),
  });
};
