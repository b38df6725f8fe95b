import { comparedWith, type AttributionFilter } from "@/features/attribution/queries";
import { AttributionView } from "@/features/attribution/attribution-view";
import { KeepReport } from "@/features/reports/keep-report";
import { sliceOf, sliceParameters } from "@/shared/slice";
import { spanName, spanParameters } from "@/shared/span";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { PartNote } from "@/shared/ui/sliced";
import { PageTitle } from "@/shared/ui/states";
import { Benchmark } from "./benchmark-choice";
import { InstrumentChoice } from "../instrument-choice";
import { GROUPINGS, PERIODS } from "../search";
import { SliceBar } from "../slice-bar";
import { usePageSearch } from "../use-search";

/** A built-in grouping by its name, a taxonomy by its id. */
function groupedBy(by: string | undefined): Pick<AttributionFilter, "by" | "taxonomy"> {
  if (by?.includes("-")) return { by: "taxonomy", taxonomy: by };
  return { by: GROUPINGS.find((name) => name === by) ?? "asset_class" };
}

export function AttributionPage() {
  const [search, change] = usePageSearch();
  const { by, taxonomy } = groupedBy(search.by);
  const span = { period: search.period ?? "1Y", from: search.from, to: search.to } as const;
  const filter = {
    account: search.account,
    ...span,
    known: search.known,
    slice: sliceOf(search),
    by,
    taxonomy,
    blend: search.blend,
    benchmark: search.benchmark,
    timing: search.timing,
  };
  return (
    <AsKnown known={search.known} onChange={change}>
      <PageTitle
        aside={
          search.known === undefined && (
            <KeepReport
              suggested={`Attribution, ${spanName(span)}`}
              parameters={{
                kind: "attribution",
                account_id: search.account ?? null,
                ...spanParameters(span),
                by,
                taxonomy_id: taxonomy ?? null,
                ...comparedWith(filter),
                ...(search.timing ? { flow_timing: search.timing } : {}),
                ...sliceParameters(sliceOf(search)),
              }}
            />
          )
        }
      >
        Attribution
      </PageTitle>
      <SliceBar />
      <PartNote slice={sliceOf(search)} what="Attribution" />
      <AttributionView
        filter={filter}
        periods={PERIODS}
        pick={(label, value, set) => (
          <InstrumentChoice label={label} value={value} onChange={set} />
        )}
        compare={<Benchmark />}
        onChange={change}
      />
      <KnownControl known={search.known} onChange={change} />
    </AsKnown>
  );
}
