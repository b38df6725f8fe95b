import { KeepReport } from "@/features/reports/keep-report";
import { PerformanceView } from "@/features/performance/performance-view";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { PageTitle } from "@/shared/ui/states";
import { PERIODS } from "../search";
import { usePageSearch } from "../use-search";

export function PerformancePage() {
  const [search, change] = usePageSearch();
  return (
    <AsKnown known={search.known} onChange={change}>
      <PageTitle
        aside={
          search.known === undefined && (
            <KeepReport
              suggested={`Returns, ${search.period ?? "1Y"}`}
              parameters={{
                kind: "performance",
                account_id: search.account ?? null,
                period: search.period ?? "1Y",
                benchmark: search.benchmark ?? null,
                ...(search.fees ? { fees: search.fees, taxes: search.fees } : {}),
                ...(search.gaps ? { gaps: search.gaps } : {}),
                ...(search.timing ? { flow_timing: search.timing } : {}),
              }}
            />
          )
        }
      >
        Performance
      </PageTitle>
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
        onChange={change}
      />
      <KnownControl known={search.known} onChange={change} />
    </AsKnown>
  );
}
