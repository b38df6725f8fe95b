import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Allocation } from "@/features/overview/allocation";
import { NavCard } from "@/features/overview/nav-card";
import { PerformancePanel } from "@/features/overview/performance-panel";
import { overviewQuery } from "@/features/overview/queries";
import { Movers, NeedsALook } from "@/features/overview/side-panels";
import { HoldingsTable } from "@/features/holdings/holdings-table";
import { EmptyState, ProblemNotice, Section, Skeleton, StaleNotice } from "@/shared/ui/states";
import { PERIOD_WORDS, PERIODS, periodStart } from "../search";
import { usePageSearch } from "../use-search";

export function OverviewPage() {
  const [search, change] = usePageSearch();
  const { data, error, refetch } = useQuery(overviewQuery(search.account));
  const retry = () => {
    void refetch();
  };
  const period = search.period ?? "1Y";
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
    <>
      <h1 className="sr">Portfolio overview</h1>
      {error && (
        <div className="pt-4">
          <StaleNotice what="the overview" onRetry={retry} />
        </div>
      )}
      {data.is_empty ? (
        <Welcome />
      ) : (
        <>
          <NavCard data={data} />
          <div className="grid lg:grid-cols-[minmax(0,1fr)_336px] gap-x-12 gap-y-9">
            <PerformancePanel
              account={search.account}
              from={periodStart(period, data.as_of)}
              view={search.view ?? "value"}
              method={search.method ?? "twr"}
              period={period}
              periods={PERIODS}
              periodWords={PERIOD_WORDS[period]}
              onChange={change}
            />
            <div className="flex flex-col gap-8 min-w-0">
              <Movers data={data} />
              <NeedsALook data={data} />
            </div>
          </div>
          <div className="mt-10">
            <Allocation data={data} />
          </div>
          <div className="mt-10">
            <Section
              id="holdings"
              title="Holdings"
              aside={
                <Link to="/holdings" className="lnk">
                  All holdings
                </Link>
              }
            >
              <HoldingsTable account={search.account} />
            </Section>
          </div>
        </>
      )}
      <footer className="mt-10 pt-4 border-t border-rule text-xs text-ink-2">
        <p className="max-w-[92ch]">
          Informational only, not investment advice. Exchange rates: European Central Bank.
        </p>
      </footer>
    </>
  );
}

function Welcome() {
  return (
    <div className="pt-10">
      <p className="eyebrow mb-2.5">Net asset value</p>
      <p data-testid="nav" className="font-serif text-[2.5rem] leading-none mb-8">
        —
      </p>
      <EmptyState title="Your portfolio is empty">
        <p className="max-w-[48ch]">
          Import the file your broker gives you: Schwab, Fidelity, Interactive Brokers, or any CSV.
          You see what it would do before anything is kept.
        </p>
        <Link to="/import" className="btn primary">
          Import a file
        </Link>
      </EmptyState>
    </div>
  );
}
