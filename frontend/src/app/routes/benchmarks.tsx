import { BenchmarkField } from "@/features/benchmarks/benchmark-field";
import { BlendsList } from "@/features/benchmarks/blends-list";
import { SideBySide } from "@/features/benchmarks/side-by-side";
import { InstrumentField } from "@/features/transactions/instrument-field";
import { sliceOf } from "@/shared/slice";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { PartNote } from "@/shared/ui/sliced";
import { PageTitle } from "@/shared/ui/states";
import { PERIODS } from "../search";
import { SliceBar } from "../slice-bar";
import { usePageSearch } from "../use-search";

export function BenchmarksPage() {
  const [search, change] = usePageSearch();
  const slice = sliceOf(search);
  return (
    <AsKnown known={search.known} onChange={change}>
      <PageTitle>Benchmarks</PageTitle>
      <p className="text-ink-2 max-w-[72ch] mb-6">
        What returns and risk are compared with: shared benchmarks, blends of your own, or any
        single instrument. Parts are converted to the currency of the page each day.
      </p>
      <SliceBar />
      <PartNote slice={slice} what="The comparison" />
      <div className="flex flex-col gap-9">
        <SideBySide
          filter={{
            account: search.account,
            period: search.period ?? "1Y",
            from: search.from,
            to: search.to,
            known: search.known,
            timing: search.timing,
            also: search.benchmark,
            slice,
          }}
          periods={PERIODS}
          more={
            <BenchmarkField
              value={search.benchmark}
              onChange={(benchmark) => {
                change({ benchmark });
              }}
            />
          }
          onChange={change}
        />
        <BlendsList
          pick={(value, onChange) => (
            <InstrumentField
              value={value}
              error={undefined}
              isOptional={false}
              onChange={onChange}
            />
          )}
        />
      </div>
      <KnownControl known={search.known} onChange={change} />
    </AsKnown>
  );
}
