import { AttributionView } from "@/features/attribution/attribution-view";
import { sliceOf } from "@/shared/slice";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { PageTitle } from "@/shared/ui/states";
import { InstrumentChoice } from "../instrument-choice";
import { GROUPINGS, PERIODS } from "../search";
import { SliceBar } from "../slice-bar";
import { usePageSearch } from "../use-search";

/** A built-in grouping by its name, a taxonomy by its id. */
function groupedBy(by: string | undefined) {
  if (by?.includes("-")) return { by: "taxonomy" as const, taxonomy: by };
  return { by: GROUPINGS.find((name) => name === by) ?? ("asset_class" as const) };
}

export function AttributionPage() {
  const [search, change] = usePageSearch();
  return (
    <AsKnown known={search.known} onChange={change}>
      <PageTitle>Attribution</PageTitle>
      <SliceBar />
      <AttributionView
        filter={{
          account: search.account,
          period: search.period ?? "1Y",
          known: search.known,
          slice: sliceOf(search),
          ...groupedBy(search.by),
          blend: search.blend,
        }}
        periods={PERIODS}
        pick={(label, value, set) => (
          <InstrumentChoice label={label} value={value} onChange={set} />
        )}
        onChange={change}
      />
      <KnownControl known={search.known} onChange={change} />
    </AsKnown>
  );
}
