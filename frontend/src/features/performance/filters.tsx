import type { ReactNode } from "react";
import { Choice } from "@/shared/ui/choice";
import { isSliced } from "@/shared/slice";
import { SelectField } from "@/shared/ui/field";
import { SpanChoice } from "@/shared/ui/span-choice";
import { TimingField } from "@/shared/ui/timing-field";
import type { Period, ReturnFilter } from "./queries";
import type { Method } from "./returns";

export type ReturnChange = Partial<Omit<ReturnFilter, "account" | "slice">> & { method?: Method };
type Props = {
  filter: ReturnFilter;
  method: Method;
  periods: readonly Period[];
  /** What to compare with. */
  benchmark: ReactNode;
  onChange: (change: ReturnChange) => void;
};

const METHODS = [
  ["twr", "Time-weighted"],
  ["mwr", "Money-weighted"],
] as const;
const costs = (of: string) => [["net", `After ${of}`] as const, ["gross", `Before ${of}`] as const];
/** Each is added back or not on its own. */
const COSTS = [
  ["Fees", "fees", costs("fees")],
  ["Taxes", "taxes", costs("taxes, withheld ones too")],
] as const;

/** What the page shows; all of it stands in the address, so that it can be shared. */
export function ReturnFilters({ filter, method, periods, benchmark, onChange }: Props) {
  return (
    <form className="flex flex-col gap-4 mb-5" aria-label="Filters">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <SpanChoice span={filter} periods={periods} onChange={onChange} />
        <Choice
          label="Return method"
          value={method}
          options={METHODS}
          onChange={(next) => {
            onChange({ method: next });
          }}
        />
      </div>
      <div className="grid sm:grid-cols-2 lg:grid-cols-4 gap-x-6 gap-y-3 items-start max-w-5xl">
        {benchmark}
        {COSTS.map(([label, key, options]) => (
          <SelectField
            key={key}
            label={label}
            value={filter[key] ?? "net"}
            options={options}
            onChange={(event) => {
              onChange({ [key]: event.target.value === "gross" ? "gross" : undefined });
            }}
          />
        ))}
        {!isSliced(filter.slice) && (
          <TimingField
            timing={filter.timing}
            onChange={(timing) => {
              onChange({ timing });
            }}
          />
        )}
      </div>
    </form>
  );
}
