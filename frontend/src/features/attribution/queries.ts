import { hashKey, queryOptions } from "@tanstack/react-query";
import { explainPath } from "@/shared/api/explanations";
import { getAttribution, listTradeResults } from "@/shared/api/gen/sdk.gen";
import type { GetAttributionData } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { sliceQuery, type Slice } from "@/shared/slice";
import { spanQuery, type Span } from "@/shared/span";
import { knownQuery } from "@/shared/ui/known";
import type { Timing } from "@/shared/ui/timing-field";

type Asked = NonNullable<GetAttributionData["query"]>;
export type By = NonNullable<Asked["by"]>;

type Period = NonNullable<Asked["period"]>;

/** What the address says the page is about. */
export type AttributionFilter = Span<Period> & {
  account?: string | undefined;
  known?: string | undefined;
  slice: Slice;
  by: By;
  /** Of which its top categories are the groups, when `by` is a taxonomy. */
  taxonomy?: string | undefined;
  /** `group:instrument:weight`, comma between. */
  blend?: string | undefined;
  /** Whose members are put into the groups, where none were by hand. */
  benchmark?: string | undefined;
  timing?: Timing;
};

/** What the portfolio is compared with; a benchmark lies in no account. */
export function comparedWith({ by, blend, benchmark }: AttributionFilter) {
  if (blend) return { blend: blend.split(",") };
  return benchmark && by !== "account" ? { benchmark } : {};
}

const span = ({ account, known, slice, ...days }: AttributionFilter) => ({
  ...knownQuery(known),
  ...sliceQuery(account, slice),
  ...spanQuery(days),
});

/** What an answer says of its span: the same days are asked of. */
type Told = { from_date: string | null; to_date: string | null };

/** Where a figure of a group, or of all of them, is explained. */
export function attributionPath(
  filter: AttributionFilter,
  { from_date: from, to_date: to }: Told,
  figure: string,
  key?: string,
): string | null {
  if (from === null) return null;
  return explainPath("attribution", {
    figure,
    key,
    by: filter.by,
    taxonomy_id: filter.taxonomy,
    ...comparedWith(filter),
    ...sliceQuery(filter.account, filter.slice),
    from,
    to: to ?? undefined,
    flow_timing: filter.timing,
  });
}

/** Where what a purchase brought is explained. */
export const tradePath = (
  filter: AttributionFilter,
  { to_date: to }: Told,
  trade: string,
  figure: string,
): string =>
  explainPath("attribution/trade", {
    transaction_id: trade,
    figure,
    ...sliceQuery(filter.account, filter.slice),
    to: to ?? undefined,
  });

export const attributionQuery = (filter: AttributionFilter) => {
  const { by, taxonomy, blend, benchmark, ...whole } = filter;
  return queryOptions({
    queryKey: ["valuation", "attribution", whole, { by, taxonomy, blend, benchmark }],
    queryFn: ({ signal }) =>
      unwrap(
        getAttribution({
          query: {
            ...span(filter),
            by: filter.by,
            ...(filter.taxonomy ? { taxonomy_id: filter.taxonomy } : {}),
            ...comparedWith(filter),
            ...(filter.timing ? { flow_timing: filter.timing } : {}),
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
  // what a purchase brought is of its own days: no flow of the whole counts in it
  const { by: _, blend: __, taxonomy: ___, timing: ____, benchmark: _____, ...own } = filter;
  return queryOptions({
    queryKey: ["valuation", "trade-results", own],
    queryFn: ({ signal }) =>
      unwrap(listTradeResults({ query: { ...span(filter), limit: 10 }, signal })),
    refetchInterval: (query) => (query.state.data?.is_recomputing ? 1_000 : false),
  });
};
