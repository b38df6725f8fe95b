import { queryOptions } from "@tanstack/react-query";
import { pointsToDraw } from "@/shared/charts/extremes";
import { getNavSeries, getOverview, getPerformance } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import { sliceQuery } from "@/shared/slice";
import { knownQuery } from "@/shared/ui/known";

/** While snapshots are being recomputed the page looks again soon. */
const soonWhile = (isBusy: boolean | undefined): number | false => (isBusy ? 1_000 : false);

export const overviewQuery = (account: string | undefined, known?: string) =>
  queryOptions({
    queryKey: ["valuation", "overview", account ?? "all", known ?? "now"],
    queryFn: ({ signal }) =>
      unwrap(
        getOverview({
          query: { ...sliceQuery(account), ...knownQuery(known) },
          signal,
        }),
      ),
    refetchInterval: (query) => soonWhile(query.state.data?.is_recomputing),
  });

type Span = {
  account: string | undefined;
  from: string | undefined;
  known?: string | undefined;
};

const spanQuery = ({ account, from, known }: Span) => ({
  ...knownQuery(known),
  ...sliceQuery(account),
  ...(from ? { from } : {}),
  max_points: pointsToDraw(),
});

export const navQuery = (span: Span) =>
  queryOptions({
    queryKey: ["valuation", "nav", span],
    queryFn: ({ signal }) => unwrap(getNavSeries({ query: spanQuery(span), signal })),
    refetchInterval: (query) => soonWhile(query.state.data?.is_recomputing),
  });

export const performanceQuery = (span: Span) =>
  queryOptions({
    queryKey: ["valuation", "performance", span],
    queryFn: ({ signal }) => unwrap(getPerformance({ query: spanQuery(span), signal })),
    refetchInterval: (query) => soonWhile(query.state.data?.is_recomputing),
  });
