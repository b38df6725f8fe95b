import { useQuery } from "@tanstack/react-query";
import { pointsToDraw } from "@/shared/charts/extremes";
import { Link } from "@tanstack/react-router";
import { Allocation } from "@/features/overview/allocation";
import { LatestLine } from "@/features/overview/latest-line";
import { NavCard } from "@/features/overview/nav-card";
import { PerformancePanel } from "@/features/overview/performance-panel";
import { overviewQuery } from "@/features/overview/queries";
import { Movers, NeedsALook } from "@/features/overview/side-panels";
import { HoldingsTable } from "@/features/holdings/holdings-table";
import { KeepReport } from "@/features/reports/keep-report";
import type { OverviewOut } from "@/shared/api/gen/types.gen";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { ProblemNotice, Section, Skeleton, StaleNotice } from "@/shared/ui/states";
import { type Search, kept, PERIOD_WORDS, PERIODS, periodStart } from "../search";
import { usePageSearch } from "../use-search";
import { Welcome } from "../welcome";

export function OverviewPage() {
  const [search, change] = usePageSearch();
  const { data, error, refetch } = useQuery(overviewQuery(search.account, search.known));
  const retry = () => {
    void refetch();
  };
  if (!data) {
    return error ? (
      <div className="pt-8">
        <h1 className="sr">Portfolio overview</h1>
        <ProblemNotice error={error} onRetry={retry} />
      </div>
    ) : (
      <div className="pt-8">
        <Skeleton label="Loading the overview" rows={10} height={44} />
      </div>
    );
  }
  return (
    <AsKnown known={search.known} onChange={change}>
      <h1 className="sr">Portfolio overview</h1>
      {error && (
        <div className="pt-4">
          <StaleNotice what="the overview" onRetry={retry} />
        </div>
      )}
      {data.is_empty && !search.known ? (
        <Welcome account={search.account} />
      ) : (
        <Filled data={data} />
      )}
      <KnownControl known={search.known} onChange={change} />
      <footer className="mt-10 pt-4 border-t border-rule text-xs text-ink-2">
        <p className="max-w-[92ch]">
          Informational only, not investment advice. Exchange rates: European Central Bank.
        </p>
      </footer>
    </AsKnown>
  );
}

function Filled({ data }: { data: OverviewOut }) {
  const [search, change] = usePageSearch();
  const period = search.period ?? "1Y";
  const from = periodStart(period, data.as_of);
  return (
    <>
      <NavCard
        data={data}
        account={search.account}
        latest={search.known === undefined && <LatestLine account={search.account} />}
      />
      <div className="grid lg:grid-cols-[minmax(0,1fr)_336px] gap-x-12 gap-y-9">
        <PerformancePanel
          account={search.account}
          from={from}
          view={search.view ?? "value"}
          method={search.method ?? "twr"}
          period={period}
          periods={PERIODS}
          periodWords={PERIOD_WORDS[period]}
          more={
            <div className="flex flex-wrap items-center gap-x-5 gap-y-2 mt-1">
              <Link
                to="/performance"
                search={(now: Search) => ({ ...kept(now), period, method: now.method ?? "twr" })}
                className="lnk"
              >
                All about performance
              </Link>
              {search.known === undefined && (
                <KeepReport
                  deed="Keep these values"
                  suggested={`Values, ${period}`}
                  parameters={{
                    kind: "nav",
                    account_id: search.account ?? null,
                    from_date: from ?? null,
                    max_points: pointsToDraw(),
                  }}
                />
              )}
            </div>
          }
          onChange={change}
        />
        <div className="flex flex-col gap-8 min-w-0">
          <Movers data={data} account={search.account} />
          <NeedsALook data={data} />
        </div>
      </div>
      <div className="mt-10">
        <Allocation data={data} account={search.account} />
      </div>
      <div className="mt-10">
        <Section
          id="holdings"
          title="Holdings"
          aside={
            <Link to="/holdings" search={kept} className="lnk">
              All holdings
            </Link>
          }
        >
          <HoldingsTable account={search.account} />
        </Section>
      </div>
    </>
  );
}
