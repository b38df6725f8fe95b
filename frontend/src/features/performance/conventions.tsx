import type { ConventionsOut, PerformanceOut } from "@/shared/api/gen/types.gen";
import { day } from "@/shared/format/format";
import { reasonOf } from "@/shared/format/reasons";
import { TIMING_WORDS } from "@/shared/format/timing";

const METHODS: Readonly<Record<ConventionsOut["sub_periods"][number]["method"], string>> = {
  modified_dietz: "values between are not known, so the days are one period by Modified Dietz",
  flow_at_end:
    "everything, or all but less than one unit, was taken out, which counts at the end of that day",
  flow_at_start:
    "money came to a portfolio of next to nothing, which counts from the start of that day",
  total_loss: "nothing was left: −100 %",
  tiny_capital: "less than one unit of the currency was there, too little to make a rate of",
  without_capital: "money came or went while nothing was held, which is no rate of anything",
};
const SHOWN = 12;

/** Why the two returns differ, in plain words. */
export function WhichReturn() {
  return (
    <details className="mt-4 text-sm">
      <summary className="cursor-pointer text-blue min-h-6">Which return is which</summary>
      <div className="mt-2 max-w-[68ch] text-ink-2 flex flex-col gap-2">
        <p>
          Time-weighted answers “how good were the investments?”. Every day counts the same, however
          much money was there, so paying in before a rise changes nothing. It is the one to compare
          with a benchmark, and what the charts and the months below show.
        </p>
        <p>
          Money-weighted answers “how did my money do?”. It is the one yearly rate at which every
          amount paid in grows to what there is now, so a deposit before a rise helps it and one
          before a fall hurts it.
        </p>
      </div>
    </details>
  );
}

type Props = { data: PerformanceOut; onBridge: (() => void) | null };

/** What broke the chain, what was not linked as asked, and how the figures are made. */
export function Conventions({ data, onBridge }: Props) {
  const told = data.conventions;
  return (
    <>
      {told.broken_on && (
        <div className="note warn mt-4 flex flex-wrap items-center gap-x-4 gap-y-2" role="status">
          <p className="min-w-0 flex-1">
            The chain of days ends on {day(told.broken_on)}: {reasonOf(told.broken_reason)}.
          </p>
          {told.broken_reason === "value_unknown" && onBridge && (
            <button type="button" className="btn line" onClick={onBridge}>
              Bridge it by Modified Dietz
            </button>
          )}
        </div>
      )}
      {told.sub_periods.length > 0 && (
        <ul className="note mt-4 flex flex-col gap-1">
          {told.sub_periods.slice(0, SHOWN).map((part) => (
            <li key={`${part.from_date} ${part.method}`}>
              {day(part.from_date)} to {day(part.to_date)}: {METHODS[part.method]}.
            </li>
          ))}
          {told.sub_periods.length > SHOWN && <li>and {told.sub_periods.length - SHOWN} more</li>}
        </ul>
      )}
      <p className="mt-4 text-xs text-ink-2 max-w-[92ch]">
        Days are linked one by one; {TIMING_WORDS[told.flow_timing]}. Returns are{" "}
        {told.fees === "net" ? "after" : "before"} fees and{" "}
        {told.taxes === "net" ? "after" : "before"} taxes, withheld ones included; by the year (
        {told.day_count}) only from {told.annualized_from_days} days. Calculation{" "}
        {told.calculation_version}, valued as of {day(data.as_of)}.
      </p>
    </>
  );
}
