import { hashKey, queryOptions } from "@tanstack/react-query";
import { getAttribution, listTradeResults } from "@/shared/api/gen/sdk.gen";
import type { GetAttributionData } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { sliceQuery, type Slice } from "@/shared/slice";
import { knownQuery } from "@/shared/ui/known";

type Asked = NonNullable<GetAttributionData["query"]>;
export type By = NonNullable<Asked["by"]>;

/** What the address says the page is about. */
export type AttributionFilter = {
  account?: string | undefined;
  period: NonNullable<Asked["period"]>;
  known?: string | undefined;
  slice: Slice;
  by: By;
  /** Of which its top categories are the groups, when `by` is a taxonomy. */
  taxonomy?: string | undefined;
  /** `group:instrument:weight`, comma between. */
  blend?: string | undefined;
};

const span = ({ account, period, known, slice }: AttributionFilter) => ({
  ...knownQuery(known),
  ...sliceQuery(account, slice),
  period,
});

export const attributionQuery = (filter: AttributionFilter) => {
  const { by, taxonomy, blend, ...whole } = filter;
  return queryOptions({
    queryKey: ["valuation", "attribution", whole, { by, taxonomy, blend }],
    queryFn: ({ signal }) =>
      unwrap(
        getAttribution({
          query: {
            ...span(filter),
            by: filter.by,
            ...(filter.taxonomy ? { taxonomy_id: filter.taxonomy } : {}),
            ...(filter.blend ? { blend: filter.blend.split(",") } : {}),
          },
          signal,
        }),
      ),
    // another grouping is another view of the same span: the last one stays until it comes
    placeholderData: (before, query) =>
      query !== undefined && hashKey([query.queryKey[2]]) === hashKey([whole]) ? before : undefined,
    refetchInterval: (query) => (query.state.data?.is_recomputing ? 1_000 : false),
  });
};

export const tradesQuery = (filter: AttributionFilter) => {
  const { by: _, blend: __, taxonomy: ___, ...own } = filter;
  return queryOptions({
    queryKey: ["valuation", "trade-results", own],
    queryFn: ({ signal }) =>
      unwrap(listTradeResults({ query: { ...span(filter), limit: 10 }, signal })),
    refetchInterval: (query) => (query.state.data?.is_recomputing ? 1_000 : false),
  });
};
