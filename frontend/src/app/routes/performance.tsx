import { Link } from "@tanstack/react-router";
import { PerformanceView } from "@/features/performance/performance-view";
import { sliceOf } from "@/shared/slice";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { PageTitle } from "@/shared/ui/states";
import { PERIODS } from "../search";
import { SliceBar } from "../slice-bar";
import { usePageSearch } from "../use-search";

export function PerformancePage() {
  const [search, change] = usePageSearch();
  return (
    <AsKnown known={search.known} onChange={change}>
      <PageTitle>Performance</PageTitle>
      <p className="-mt-2 mb-4 text-sm">
        <Link className="lnk" to="/performance/attribution" search={search}>
          Where the return came from
        </Link>
      </p>
      <SliceBar />
      <PerformanceView
        filter={{
          account: search.account,
          period: search.period ?? "1Y",
          known: search.known,
          benchmark: search.benchmark,
          fees: search.fees,
          gaps: search.gaps,
          timing: search.timing,
          slice: sliceOf(search),
        }}
        method={search.method ?? "twr"}
        span={search.span ?? "12"}
        periods={PERIODS}
        onChange={change}
      />
      <KnownControl known={search.known} onChange={change} />
    </AsKnown>
  );
}
