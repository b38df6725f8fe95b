import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { explainPath } from "@/shared/api/explanations";
import { getRisk } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import { sliceQuery, type Slice } from "@/shared/slice";
import { knownQuery } from "@/shared/ui/known";
import type { Timing } from "@/shared/ui/timing-field";

export type RiskFilter = {
  account?: string | undefined;
  slice?: Slice;
  from?: string | undefined;
  known?: string | undefined;
  timing?: Timing;
  gaps?: "modified_dietz" | undefined;
  benchmark?: string | undefined;
  level: "0.9" | "0.95" | "0.99";
  window: number;
  /** Risk-free, a year, as a ratio. */
  rate?: string | undefined;
  /** Yields of Treasury bills in its place. */
  isBills?: boolean | undefined;
  allowFew?: boolean;
};

/** What the API is asked, but for how many points. */
const asked = (filter: RiskFilter) => ({
  ...sliceQuery(filter.account, filter.slice),
  ...(filter.from ? { from: filter.from } : {}),
  ...(filter.benchmark ? { benchmark_id: filter.benchmark } : {}),
  ...(filter.rate ? { risk_free_ratio: filter.rate } : {}),
  ...(filter.isBills ? { risk_free_source: "treasury_bill" as const } : {}),
  ...(filter.timing ? { flow_timing: filter.timing } : {}),
  ...(filter.gaps ? { gaps: filter.gaps } : {}),
  confidence: filter.level,
});

/** Where a figure of the page is explained; a tail is of the past, or of what is held today. */
export const riskPath = (filter: RiskFilter, figure: string, of?: "held"): string =>
  explainPath("risk", {
    figure,
    of,
    ...asked(filter),
    window: String(filter.window),
    allow_few: filter.allowFew ? "true" : undefined,
  });

export const riskQuery = (filter: RiskFilter) =>
  queryOptions({
    queryKey: ["valuation", "risk", filter],
    queryFn: ({ signal }) =>
      unwrap(
        getRisk({
          query: {
            ...knownQuery(filter.known),
            ...asked(filter),
            ...(filter.allowFew ? { allow_few: true } : {}),
            window: filter.window,
            max_points: 800,
          },
          signal,
        }),
      ),
    // another window is another answer about the same portfolio: the last one stays until it comes
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.is_recomputing ? 1_000 : false),
  });
