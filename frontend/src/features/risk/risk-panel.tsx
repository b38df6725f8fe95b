import { useQuery } from "@tanstack/react-query";
import type { RiskOut } from "@/shared/api/gen/types.gen";
import { BASIS_WORDS } from "@/shared/format/benchmark-basis";
import { day, percent } from "@/shared/format/format";
import { reasonOf } from "@/shared/format/reasons";
import { EmptyState, ProblemNotice, Section, Skeleton, StaleNotice } from "@/shared/ui/states";
import { RiskConventions } from "./conventions";
import { Correlations } from "./correlations";
import { WorstFall } from "./fall";
import { MetricCards } from "./metric-cards";
import { BESIDE, OWN } from "./phrases";
import { riskPath, riskPointPath, riskQuery, type RiskFilter, type RiskPoint } from "./queries";
import { Rolling } from "./rolling";
import { Tails } from "./tails";
import { WorstDays } from "./worst-days";

type PanelProps = { filter: RiskFilter; onAllowFew: (isAllowed: boolean) => void };

/** Every figure of risk, with its reason where there is none. */
export function RiskPanel({ filter, onAllowFew }: PanelProps) {
  const query = useQuery(riskQuery(filter));
  const { data, error } = query;
  const retry = () => {
    void query.refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading risk" rows={8} height={44} />
    );
  }
  return (
    <div aria-busy={query.isPlaceholderData}>
      {error && <StaleNotice what="risk" onRetry={retry} />}
      {data.return_count === 0 ? (
        <EmptyState title="No returns yet">
          <p>
            {data.broken_reason
              ? `There is nothing to measure: ${reasonOf(data.broken_reason) ?? ""}.`
              : "Risk is measured on daily returns. It shows once something is held and priced for two days."}
          </p>
        </EmptyState>
      ) : (
        <Filled risk={data} filter={filter} onAllowFew={onAllowFew} />
      )}
    </div>
  );
}

type FilledProps = {
  risk: RiskOut;
  filter: RiskFilter;
  onAllowFew: (isAllowed: boolean) => void;
};

function Filled({ risk, filter, onAllowFew }: FilledProps) {
  const where = (figure: string, of?: "held") => riskPath(filter, risk, figure, of);
  const wherePoint = (point: RiskPoint) => riskPointPath(filter, risk, point);
  return (
    <div className="flex flex-col gap-10">
      <Section id="figures" title="Figures">
        <Basis risk={risk} />
        <MetricCards risk={risk} names={OWN} label="Figures of the portfolio" where={where} />
        <div className="pt-4">
          <WorstFall risk={risk} path={where("max_drawdown")} />
        </div>
      </Section>
      <Section id="bad-day" title="A bad day">
        <Tails
          risk={risk}
          isFewAllowed={filter.allowFew ?? false}
          onAllowFew={onAllowFew}
          where={where}
          wherePoint={wherePoint}
        />
      </Section>
      <div className="grid grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_336px] gap-x-12 gap-y-10">
        <Section id="rolling" title={`Over time, ${String(risk.window)} returns at a time`}>
          <Rolling risk={risk} where={wherePoint} />
        </Section>
        <Section id="worst" title="Worst days">
          <WorstDays risk={risk} />
        </Section>
      </div>
      <Section
        id="benchmark"
        title={risk.benchmark ? `Beside ${risk.benchmark.symbol}` : "Beside a benchmark"}
      >
        {risk.benchmark ? (
          <>
            <p className="text-sm text-ink-2 mb-3">
              {risk.benchmark.name}, {BASIS_WORDS[risk.benchmark.basis]}, in {risk.currency};{" "}
              {risk.benchmark.return_count} returns of days both have.
            </p>
            <MetricCards
              risk={risk}
              names={BESIDE}
              label="Figures beside the benchmark"
              where={where}
            />
          </>
        ) : (
          <p className="text-sm text-ink-2">
            Choose something to compare with above: beta, alpha, tracking error and capture need
            one.
          </p>
        )}
      </Section>
      <Section id="correlations" title="What moves together">
        <Correlations found={risk.correlations} where={wherePoint} />
      </Section>
      <RiskConventions risk={risk} />
    </div>
  );
}

/** Whatever the currency of the page. */
const BILLS_CURRENCY = "USD";

/** What all of it was measured on. */
function Basis({ risk }: { risk: RiskOut }) {
  return (
    <p className="text-sm text-ink-2 mb-4 max-w-[92ch]" data-testid="basis">
      {risk.return_count} {risk.frequency} returns
      {risk.from_date && risk.to_date && `, ${day(risk.from_date)} to ${day(risk.to_date)}`}, in{" "}
      {risk.currency}, time-weighted
      {risk.periods_per_year !== null && `; a year is ${String(risk.periods_per_year)} of them`}.
      {risk.risk_free_source === "treasury_bill" &&
        (risk.risk_free_ratio === null
          ? " Yields of Treasury bills are not known for all of these days."
          : ` US Treasury bills of three months yielded ${percent(risk.risk_free_ratio)} a year on average.`)}
      {risk.risk_free_source === "treasury_bill" &&
        risk.currency !== BILLS_CURRENCY &&
        ` They are yields of US dollars, and there are none of ${risk.currency} here: give a rate of your own to measure by one.`}
      {risk.broken_on &&
        ` The returns end on ${day(risk.broken_on)}: ${reasonOf(risk.broken_reason) ?? ""}.`}
    </p>
  );
}
