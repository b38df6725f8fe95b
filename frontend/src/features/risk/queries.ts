import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { pointsToDraw } from "@/shared/charts/extremes";
import { explainPath } from "@/shared/api/explanations";
import { getRisk } from "@/shared/api/gen/sdk.gen";
import type { GetRiskData } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { sliceQuery, type Slice } from "@/shared/slice";
import { spanQuery, type Span } from "@/shared/span";
import { knownQuery } from "@/shared/ui/known";
import type { Quantile } from "./phrases";
import type { Timing } from "@/shared/ui/timing-field";

type Asked = NonNullable<GetRiskData["query"]>;

export type RiskFilter = Span<NonNullable<Asked["period"]>> & {
  account?: string | undefined;
  slice?: Slice;
  known?: string | undefined;
  timing?: Timing;
  gaps?: "modified_dietz" | undefined;
  benchmark?: string | undefined;
  level: "0.9" | "0.95" | "0.99";
  window: number;
  /** The rule of quantiles; the usual one has no word in the address. */
  quantile?: Quantile | undefined;
  /** Risk-free, a year, as a ratio. */
  rate?: string | undefined;
  /** Yields of Treasury bills in its place. */
  isBills?: boolean | undefined;
  allowFew?: boolean;
};

/** What the API is asked, but for how many points, and of which days. */
const asked = (filter: RiskFilter) => ({
  ...sliceQuery(filter.account, filter.slice),
  ...(filter.benchmark ? { benchmark_id: filter.benchmark } : {}),
  ...(filter.rate ? { risk_free_ratio: filter.rate } : {}),
  ...(filter.isBills ? { risk_free_source: "treasury_bill" as const } : {}),
  ...(filter.timing ? { flow_timing: filter.timing } : {}),
  ...(filter.gaps ? { gaps: filter.gaps } : {}),
  ...(filter.quantile ? { method: filter.quantile } : {}),
  confidence: filter.level,
});

/** Which days an answer is of: the same are asked to be explained. */
type Told = { from_date: string | null; to_date: string | null };

/** Where a figure of the page is explained; a tail is of the past, or of what is held today. */
export const riskPath = (filter: RiskFilter, told: Told, figure: string, of?: "held"): string =>
  explainPath("risk", { figure, of, ...settings(filter, told) });

const settings = (filter: RiskFilter, told: Told) => ({
  ...asked(filter),
  from: told.from_date ?? undefined,
  to: told.to_date ?? undefined,
  window: String(filter.window),
  allow_few: filter.allowFew ? "true" : undefined,
});

/** A point of a drawing of the page: a window, a bar, a pair. */
export type RiskPoint =
  | { of: "window"; figure: string; on: string }
  | { of: "histogram"; bar: string }
  | { of: "correlation"; left_id: string; right_id: string };

/** Where such a point is explained. */
export const riskPointPath = (
  filter: RiskFilter,
  told: Told,
  { of, ...named }: RiskPoint,
): string => explainPath(`risk/${of}`, { ...named, ...settings(filter, told) });

export const riskQuery = (filter: RiskFilter) =>
  queryOptions({
    queryKey: ["valuation", "risk", filter],
    queryFn: ({ signal }) =>
      unwrap(
        getRisk({
          query: {
            ...knownQuery(filter.known),
            ...asked(filter),
            ...spanQuery(filter),
            ...(filter.allowFew ? { allow_few: true } : {}),
            window: filter.window,
            max_points: pointsToDraw(),
          },
          signal,
        }),
      ),
    // another window is another answer about the same portfolio: the last one stays until it comes
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.is_recomputing ? 1_000 : false),
  });
