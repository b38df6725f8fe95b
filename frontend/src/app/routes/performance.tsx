import { PerformanceView } from "@/features/performance/performance-view";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { PageTitle } from "@/shared/ui/states";
import { PERIODS } from "../search";
import { usePageSearch } from "../use-search";
import { Benchmark } from "./benchmark-choice";

export function PerformancePage() {
  const [search, change] = usePageSearch();
  return (
    <AsKnown known={search.known} onChange={change}>
      <PageTitle>Performance</PageTitle>
      <PerformanceView
        filter={{
          account: search.account,
          period: search.period ?? "1Y",
          known: search.known,
          benchmark: search.benchmark,
          fees: search.fees,
          gaps: search.gaps,
          timing: search.timing,
        }}
        method={search.method ?? "twr"}
        span={search.span ?? "12"}
        periods={PERIODS}
        benchmark={<Benchmark />}
        onChange={change}
      />
      <KnownControl known={search.known} onChange={change} />
    </AsKnown>
  );
}
