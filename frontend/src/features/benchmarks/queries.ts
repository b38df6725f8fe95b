import { queryOptions } from "@tanstack/react-query";
import { compareWithBenchmarks, listBenchmarks } from "@/shared/api/gen/sdk.gen";
import type { CompareWithBenchmarksData, SideBySideOut } from "@/shared/api/gen/types.gen";
import { explainPath } from "@/shared/api/explanations";
import { unwrap } from "@/shared/api/problem";
import { sliceQuery, type Slice } from "@/shared/slice";
import { spanQuery, type Span } from "@/shared/span";
import { knownQuery } from "@/shared/ui/known";

export const benchmarksKey = ["benchmarks"] as const;

export const benchmarksQuery = queryOptions({
  queryKey: benchmarksKey,
  queryFn: ({ signal }) => unwrap(listBenchmarks({ signal })),
  staleTime: 60_000,
});

type Asked = NonNullable<CompareWithBenchmarksData["query"]>;
/** Those the page offers; the API knows some more. */
export type BesidePeriod = NonNullable<Asked["period"]>;

/** What the address says the comparison is about. */
export type BesideFilter = Span<BesidePeriod> & {
  /** What else than the benchmarks there are: an instrument, most likely. */
  also?: string | undefined;
  account?: string | undefined;
  known?: string | undefined;
  timing?: "end_of_day" | undefined;
  slice?: Slice;
};

/** As many as one answer tells. */
const MOST = 50;

/** All there are; with something else, which has to be named, the others are named too. */
const named = (listed: readonly string[], also: string | undefined) =>
  also === undefined ? {} : { benchmark: [also, ...listed].slice(0, MOST) };

export const sideBySideQuery = (
  { account, known, slice, timing, also, ...span }: BesideFilter,
  listed: readonly string[],
) =>
  queryOptions({
    // of the valuation, and of the benchmarks: who changes a blend sees it compared anew
    queryKey: ["valuation", "benchmarks", { account, known, slice, timing, ...span }, also, listed],
    queryFn: ({ signal }) =>
      unwrap(
        compareWithBenchmarks({
          query: {
            ...knownQuery(known),
            ...sliceQuery(account, slice),
            ...spanQuery(span),
            ...(timing ? { flow_timing: timing } : {}),
            ...named(listed, also),
          },
          signal,
        }),
      ),
    refetchInterval: (query) => (query.state.data?.is_recomputing ? 1_000 : false),
  });

/** Where a figure of the comparison is explained: of the portfolio, or of a benchmark. */
export const explainedBeside = (
  of: "performance" | "benchmarks",
  filter: BesideFilter,
  days: Pick<SideBySideOut, "from_date" | "to_date">,
  asked: { figure: string; benchmark?: string },
): string =>
  explainPath(of, {
    ...asked,
    ...sliceQuery(filter.account, filter.slice),
    from: days.from_date ?? undefined,
    to: days.to_date ?? undefined,
    flow_timing: filter.timing,
  });
