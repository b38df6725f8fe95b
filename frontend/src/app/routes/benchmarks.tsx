import { BlendsList } from "@/features/benchmarks/blends-list";
import { InstrumentField } from "@/features/transactions/instrument-field";
import { PageTitle } from "@/shared/ui/states";

export function BenchmarksPage() {
  return (
    <>
      <PageTitle>Benchmarks</PageTitle>
      <p className="text-ink-2 max-w-[72ch] mb-6">
        What returns and risk are compared with: shared benchmarks, blends of your own, or any
        single instrument. Parts are converted to the currency of the page each day.
      </p>
      <BlendsList
        pick={(value, onChange) => (
          <InstrumentField value={value} error={undefined} isOptional={false} onChange={onChange} />
        )}
      />
    </>
  );
}
