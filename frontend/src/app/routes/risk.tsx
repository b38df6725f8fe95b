import { KeepReport } from "@/features/reports/keep-report";
import { RiskControls } from "@/features/risk/controls";
import { RiskPanel } from "@/features/risk/risk-panel";
import type { RiskFilter } from "@/features/risk/queries";
import { isSliced, sliceOf, sliceParameters } from "@/shared/slice";
import { spanName, spanParameters } from "@/shared/span";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { PartNote } from "@/shared/ui/sliced";
import { PageTitle } from "@/shared/ui/states";
import { LEVELS, PERIODS, WINDOWS, type Search } from "../search";
import { SliceBar } from "../slice-bar";
import { usePageSearch } from "../use-search";
import { Benchmark } from "./benchmark-choice";

export function RiskPage() {
  const [search, change] = usePageSearch();
  return (
    <AsKnown known={search.known} onChange={change}>
      <PageTitle>Risk</PageTitle>
      <SliceBar />
      <PartNote slice={sliceOf(search)} what="Risk" />
      <Measured search={search} onChange={change} />
      <KnownControl known={search.known} onChange={change} />
      <footer className="mt-10 pt-4 border-t border-rule text-xs text-ink-2">
        <p className="max-w-[92ch]">
          Informational only, not investment advice. Figures describe the past.
        </p>
      </footer>
    </AsKnown>
  );
}

/** Three years: enough returns for every figure, and still about today’s portfolio. */
const USUAL_PERIOD = "3Y";

type Props = { search: Search; onChange: (change: Search) => void };

function Measured({ search, onChange }: Props) {
  const span = { period: search.period ?? USUAL_PERIOD, from: search.from, to: search.to };
  const filter: RiskFilter = {
    account: search.account,
    slice: sliceOf(search),
    known: search.known,
    ...span,
    benchmark: search.benchmark,
    level: search.level ?? "0.95",
    window: search.window ?? 252,
    rate: search.rate,
    isBills: search.cash === "bills",
    quantile: search.quantile,
    allowFew: search.few ?? false,
    timing: search.timing,
    gaps: search.gaps,
  };
  return (
    <>
      <RiskControls
        span={span}
        periods={PERIODS}
        level={filter.level}
        levels={LEVELS}
        window={filter.window}
        windows={WINDOWS}
        quantile={search.quantile}
        rate={search.rate}
        isBills={search.cash === "bills"}
        timing={search.timing}
        hasTiming={!isSliced(sliceOf(search))}
        benchmark={<Benchmark />}
        onChange={({ window, ...rest }) => {
          const chosen = WINDOWS.find((count) => count === window);
          onChange({ ...rest, ...(chosen ? { window: chosen } : {}) });
        }}
      />
      {search.known === undefined && (
        <div className="flex justify-end mb-4">
          <KeepReport
            suggested={`Risk, ${spanName(span)}`}
            parameters={{
              kind: "risk",
              account_id: filter.account ?? null,
              ...spanParameters(span),
              benchmark_id: filter.benchmark ?? null,
              ...sliceParameters(sliceOf(search)),
              risk_free_source: filter.isBills ? "treasury_bill" : "given",
              confidence: filter.level,
              window: filter.window,
              ...(filter.quantile ? { method: filter.quantile } : {}),
              allow_few: search.few ?? false,
              ...(filter.rate ? { risk_free_ratio: filter.rate } : {}),
              ...(filter.timing ? { flow_timing: filter.timing } : {}),
              ...(filter.gaps ? { gaps: filter.gaps } : {}),
            }}
          />
        </div>
      )}
      <RiskPanel
        filter={filter}
        onAllowFew={(isAllowed) => {
          onChange({ few: isAllowed || undefined });
        }}
      />
    </>
  );
}
