import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { pointsToDraw } from "@/shared/charts/extremes";
import {
  getMonthlyReturns,
  getPerformance,
  getRollingReturns,
  getValueChange,
  getValueChangeParts,
  listValueChangeRecords,
} from "@/shared/api/gen/sdk.gen";
import type { GetPerformanceData, ListValueChangeRecordsData } from "@/shared/api/gen/types.gen";
import { explainPath } from "@/shared/api/explanations";
import { unwrap } from "@/shared/api/problem";
import type { EarlierReturn } from "@/shared/format/versions";
import { sliceQuery, type Slice } from "@/shared/slice";
import { spanQuery, type Span } from "@/shared/span";
import { knownQuery } from "@/shared/ui/known";

type Asked = NonNullable<GetPerformanceData["query"]>;
export type Period = NonNullable<Asked["period"]>;
/** Whether what was paid for it is added back. */
export type Cost = "gross" | undefined;

/** What the address says a page of returns is about. */
export type ReturnFilter = Span<Period> & {
  account?: string | undefined;
  known?: string | undefined;
  benchmark?: string | undefined;
  fees?: Cost;
  taxes?: Cost;
  gaps?: "modified_dietz" | undefined;
  timing?: "end_of_day" | undefined;
  version?: EarlierReturn | undefined;
  slice?: Slice;
};

/** The days of a page of returns; none where there was nothing to measure. */
export type Days = { from_date: string | null; to_date: string | null };

/** What of the span is asked about: a part of it, or a window that rolls. */
type Within = { since?: string; until?: string; on?: string; window?: string };

/** Which part and which days a page of returns is about, and by which conventions. */
const measured = (filter: ReturnFilter, days: Days) => ({
  ...sliceQuery(filter.account, filter.slice),
  from: days.from_date ?? undefined,
  to: days.to_date ?? undefined,
  flow_timing: filter.timing,
  fees: filter.fees,
  taxes: filter.taxes,
  gaps: filter.gaps,
});

/** Where a figure of the span is explained, by the page's own conventions. */
export function returnPath(
  filter: ReturnFilter,
  days: Days,
  figure: string,
  within: Within = {},
): string | null {
  if (days.from_date === null) return null;
  return explainPath("performance", {
    figure,
    ...measured(filter, days),
    ...within,
  });
}

/** Where a figure of the benchmark beside the span is explained. */
export const benchmarkPath = (
  filter: ReturnFilter,
  days: Days,
  benchmark: string,
  figure: string,
): string =>
  explainPath("benchmarks", {
    figure,
    benchmark,
    ...measured(filter, days),
  });

const span = ({ account, known, slice, ...days }: ReturnFilter) => ({
  ...knownQuery(known),
  ...sliceQuery(account, slice),
  ...spanQuery(days),
});
const asked = (filter: ReturnFilter) => ({
  ...span(filter),
  ...(filter.fees ? { fees: filter.fees } : {}),
  ...(filter.taxes ? { taxes: filter.taxes } : {}),
  ...(filter.gaps ? { gaps: filter.gaps } : {}),
  ...(filter.timing ? { flow_timing: filter.timing } : {}),
  ...(filter.version ? { calculation_version: filter.version } : {}),
});

/** While snapshots are being recomputed the page looks again soon. */
const soonWhile = (isBusy: boolean | undefined): number | false => (isBusy ? 1_000 : false);

export const returnsQuery = (filter: ReturnFilter) =>
  queryOptions({
    queryKey: ["valuation", "returns", filter],
    queryFn: ({ signal }) =>
      unwrap(
        getPerformance({
          query: {
            ...asked(filter),
            max_points: pointsToDraw(),
            ...(filter.benchmark ? { benchmark: filter.benchmark } : {}),
          },
          signal,
        }),
      ),
    refetchInterval: (query) => soonWhile(query.state.data?.is_recomputing),
  });

/** As many days as may be asked for: twenty-seven years of them. */
const IN_FULL = 10_000;

/** Every day of the span, for a file: what is drawn leaves most of a long one out. */
export const returnsInFull = (filter: ReturnFilter) =>
  unwrap(
    getPerformance({
      query: {
        ...asked(filter),
        max_points: IN_FULL,
        ...(filter.benchmark ? { benchmark: filter.benchmark } : {}),
      },
    }),
  );

export const changeQuery = ({ account, period, from, to, known, slice }: ReturnFilter) => {
  const filter = { account, period, from, to, known, ...(slice ? { slice } : {}) };
  return queryOptions({
    queryKey: ["valuation", "change", filter],
    queryFn: ({ signal }) => unwrap(getValueChange({ query: span(filter), signal })),
    refetchInterval: (query) => soonWhile(query.state.data?.is_recomputing),
  });
};

/** What prices and rates did, part by part. */
export const changePartsQuery = ({ account, period, from, to, known, slice }: ReturnFilter) => {
  const filter = { account, period, from, to, known, ...(slice ? { slice } : {}) };
  return queryOptions({
    queryKey: ["valuation", "change-parts", filter],
    queryFn: ({ signal }) => unwrap(getValueChangeParts({ query: span(filter), signal })),
  });
};

/** Every record of a bar, page by page. */
export const barRecordsQuery = (
  { account, period, from, to, known, slice }: ReturnFilter,
  bar: ListValueChangeRecordsData["query"]["bar"],
) => {
  const filter = { account, period, from, to, known, ...(slice ? { slice } : {}) };
  return infiniteQueryOptions({
    queryKey: ["valuation", "change-records", bar, filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        listValueChangeRecords({
          query: { ...span(filter), bar, limit: 200, ...(pageParam ? { cursor: pageParam } : {}) },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
};

export const monthsQuery = (filter: ReturnFilter) => {
  const { benchmark: _, ...own } = filter;
  return queryOptions({
    queryKey: ["valuation", "months", own],
    queryFn: ({ signal }) => unwrap(getMonthlyReturns({ query: asked(own), signal })),
    refetchInterval: (query) => soonWhile(query.state.data?.is_recomputing),
  });
};

export const rollingQuery = (filter: ReturnFilter, window: number) => {
  const { benchmark: _, ...own } = filter;
  return queryOptions({
    queryKey: ["valuation", "rolling", own, window],
    queryFn: ({ signal }) =>
      unwrap(
        getRollingReturns({ query: { ...asked(own), window, max_points: pointsToDraw() }, signal }),
      ),
    refetchInterval: (query) => soonWhile(query.state.data?.is_recomputing),
  });
};

export const rollingInFull = (filter: ReturnFilter, window: number) =>
  unwrap(getRollingReturns({ query: { ...asked(filter), window, max_points: IN_FULL } }));
