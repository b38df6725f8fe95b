import type { MeasureOut, RiskConventionsOut, RiskOut } from "@/shared/api/gen/types.gen";
import { day } from "@/shared/format/format";
import { TIMING_WORDS } from "@/shared/format/timing";
import { Section } from "@/shared/ui/states";
import { QUANTILE_WORDS } from "./phrases";

const PARTS: Readonly<Record<MeasureOut["of"], string>> = {
  portfolio: "Figures of the portfolio",
  benchmark: "Beside the benchmark",
  past_tail: "A bad day, past",
  held_tail: "A bad day, held today",
  correlations: "What moves together",
};
const GAPS: Readonly<Record<RiskConventionsOut["gaps"], string>> = {
  break: "a flow on a day of unknown value ends the chain",
  modified_dietz: "days of unknown value with flows are one period by Modified Dietz",
};

/** How each part of the page was measured. */
export function RiskConventions({ risk }: { risk: RiskOut }) {
  const told = risk.conventions;
  if (!told) return null;
  return (
    <Section id="conventions" title="How it was measured">
      <div className="tablewrap">
        <table className="tbl stack rows" data-testid="measures">
          <caption className="sr">Which returns each part of the page is of</caption>
          <thead>
            <tr>
              <th scope="col">Part</th>
              <th scope="col">Returns</th>
              <th scope="col">A year is</th>
              <th scope="col">Window</th>
              <th scope="col">Days</th>
            </tr>
          </thead>
          <tbody>
            {told.measures.map((one) => (
              <Row key={one.of} measure={one} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="mt-3 text-xs text-ink-2 max-w-[92ch]">
        Returns are time-weighted, linked day by day; {TIMING_WORDS[told.flow_timing]};{" "}
        {GAPS[told.gaps]}. They are after fees and taxes; by the year ({told.day_count}) only from{" "}
        {told.annualized_from_days} days. Value at risk and expected shortfall are returns of one
        period: a loss is below zero. Quantiles{" "}
        {(QUANTILE_WORDS[told.quantile_method] ?? told.quantile_method).toLowerCase()}; correlations
        of pairs on the days both have. The risk-free rate is one of {told.risk_free_currency}.
        Calculation {risk.calculation_version}, valued as of {day(told.as_of)}.
      </p>
    </Section>
  );
}

function Row({ measure: one }: { measure: MeasureOut }) {
  return (
    <tr>
      <th scope="row" className="!text-left !font-normal !text-ink !border-rule max-md:col-span-2">
        {PARTS[one.of]}
      </th>
      <td className="num" data-label="Returns">
        {one.return_count === 0 ? "none" : `${String(one.return_count)} ${one.frequency}`}
      </td>
      <td className="num" data-label="A year is">
        {one.periods_per_year ?? "—"}
      </td>
      <td className="num" data-label="Window">
        {one.window === null ? "all" : `newest ${String(one.window)}`}
      </td>
      <td className="num max-md:col-span-2" data-label="Days">
        {one.first_date && one.last_date ? `${day(one.first_date)} to ${day(one.last_date)}` : "—"}
      </td>
    </tr>
  );
}
