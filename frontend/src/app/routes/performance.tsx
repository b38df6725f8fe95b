import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { KeepReport } from "@/features/reports/keep-report";
import { PerformanceView } from "@/features/performance/performance-view";
import { sliceOf, sliceParameters } from "@/shared/slice";
import { spanName, spanParameters } from "@/shared/span";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { PartNote } from "@/shared/ui/sliced";
import { PageTitle } from "@/shared/ui/states";
import { NotExplained } from "@/shared/ui/why";
import { keptReturns, PERIODS } from "../search";
import { SliceBar } from "../slice-bar";
import { usePageSearch } from "../use-search";
import { Benchmark } from "./benchmark-choice";

/** What a figure is explained as must be what it says. */
const Explained = ({ isOn, children }: { isOn: boolean; children: ReactNode }) =>
  isOn ? children : <NotExplained>{children}</NotExplained>;

export function PerformancePage() {
  const [search, change] = usePageSearch();
  const span = { period: search.period ?? "1Y", from: search.from, to: search.to } as const;
  return (
    <AsKnown known={search.known} onChange={change}>
      <PageTitle
        aside={
          search.known === undefined && (
            <KeepReport
              suggested={`Returns, ${spanName(span)}`}
              parameters={{
                kind: "performance",
                account_id: search.account ?? null,
                ...spanParameters(span),
                benchmark: search.benchmark ?? null,
                ...sliceParameters(sliceOf(search)),
                ...(search.fees ? { fees: search.fees } : {}),
                ...(search.taxes ? { taxes: search.taxes } : {}),
                ...(search.gaps ? { gaps: search.gaps } : {}),
                ...(search.timing ? { flow_timing: search.timing } : {}),
                ...(search.version ? { calculation_version: search.version } : {}),
              }}
            />
          )
        }
      >
        Performance
      </PageTitle>
      {search.version !== undefined && (
        <p className="note mb-4 flex flex-wrap items-center gap-x-4 gap-y-2" role="status">
          <span className="min-w-0 flex-1">
            Time-weighted returns as version {search.version} meant them. Only today’s meaning is
            explained figure by figure.
          </span>
          <button
            type="button"
            className="btn line"
            onClick={() => {
              change({ version: undefined });
            }}
          >
            Back to today’s meaning
          </button>
        </p>
      )}
      <p className="-mt-2 mb-4 text-sm">
        <Link
          className="lnk"
          to="/performance/attribution"
          search={keptReturns("/performance/attribution")(search)}
        >
          Where the return came from
        </Link>
      </p>
      <SliceBar />
      <PartNote slice={sliceOf(search)} what="Performance" />
      <Explained isOn={search.version === undefined}>
        <PerformanceView
          filter={{
            account: search.account,
            ...span,
            known: search.known,
            benchmark: search.benchmark,
            fees: search.fees,
            taxes: search.taxes,
            gaps: search.gaps,
            timing: search.timing,
            version: search.version,
            slice: sliceOf(search),
          }}
          method={search.method ?? "twr"}
          span={search.span ?? "12"}
          periods={PERIODS}
          benchmark={<Benchmark />}
          keepChange={
            search.known === undefined && (
              <KeepReport
                deed="Keep this change"
                suggested={`Change of value, ${spanName(span)}`}
                parameters={{
                  kind: "waterfall",
                  account_id: search.account ?? null,
                  ...spanParameters(span),
                  ...sliceParameters(sliceOf(search)),
                }}
              />
            )
          }
          onChange={change}
        />
      </Explained>
      <KnownControl known={search.known} onChange={change} />
    </AsKnown>
  );
}
