import { queryOptions } from "@tanstack/react-query";
import {
  getMonthlyReturns,
  getPerformance,
  getRollingReturns,
  getValueChange,
} from "@/shared/api/gen/sdk.gen";
import type { GetPerformanceData } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { sliceQuery, type Slice } from "@/shared/slice";
import { spanQuery, type Span } from "@/shared/span";
import { knownQuery } from "@/shared/ui/known";

type Asked = NonNullable<GetPerformanceData["query"]>;
/** Those the pages offer; the API knows some more. */
export type Period = Exclude<NonNullable<Asked["period"]>, "6M" | "10Y">;
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
  version?: "2026.1" | undefined;
  slice?: Slice;
};

const MAX_POINTS = 1500;

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
            max_points: MAX_POINTS,
            ...(filter.benchmark ? { benchmark: filter.benchmark } : {}),
          },
          signal,
        }),
      ),
    refetchInterval: (query) => soonWhile(query.state.data?.is_recomputing),
  });

export const changeQuery = ({ account, period, from, to, known, slice }: ReturnFilter) => {
  const filter = { account, period, from, to, known, ...(slice ? { slice } : {}) };
  return queryOptions({
    queryKey: ["valuation", "change", filter],
    queryFn: ({ signal }) => unwrap(getValueChange({ query: span(filter), signal })),
    refetchInterval: (query) => soonWhile(query.state.data?.is_recomputing),
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
        getRollingReturns({ query: { ...asked(own), window, max_points: MAX_POINTS }, signal }),
      ),
    refetchInterval: (query) => soonWhile(query.state.data?.is_recomputing),
  });
};
