import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { SideBySideOut } from "@/shared/api/gen/types.gen";
import { BASIS_WORDS } from "@/shared/format/benchmark-basis";
import { day } from "@/shared/format/format";
import { reasonOf } from "@/shared/format/reasons";
import { TIMING_WORDS } from "@/shared/format/timing";
import { Answered } from "@/shared/ui/answered";
import { Money, SignedPercent, tone } from "@/shared/ui/figures";
import { SpanChoice, type SpanChange } from "@/shared/ui/span-choice";
import { EmptyState, Section } from "@/shared/ui/states";
import { Why } from "@/shared/ui/why";
import {
  benchmarksQuery,
  explainedBeside,
  sideBySideQuery,
  type BesideFilter,
  type BesidePeriod,
} from "./queries";

type Props = {
  filter: BesideFilter;
  periods: readonly BesidePeriod[];
  /** Where something else than the benchmarks is chosen. */
  more: ReactNode;
  onChange: (change: SpanChange<BesidePeriod>) => void;
};

/** The portfolio and every benchmark, over the same days and with the same money. */
export function SideBySide({ filter, periods, more, onChange }: Props) {
  const list = useQuery(benchmarksQuery);
  const listed = (list.data?.items ?? []).map((item) => item.id);
  const isNamed = filter.also !== undefined && !listed.includes(filter.also);
  const query = useQuery({
    ...sideBySideQuery({ ...filter, also: isNamed ? filter.also : undefined }, listed),
    enabled: !isNamed || list.isFetched,
  });
  return (
    <Section id="beside" title="Beside your portfolio">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3 mb-5">
        <SpanChoice span={filter} periods={periods} onChange={onChange} />
        <div className="w-64 max-w-full">{more}</div>
      </div>
      <Answered query={query} what="the comparison" rows={5}>
        {(data) =>
          data.from_date === null ? (
            <EmptyState title="Nothing to compare yet">
              <p>Once something is held over some days, it shows here beside what it could be.</p>
            </EmptyState>
          ) : (
            <Compared data={data} filter={filter} />
          )
        }
      </Answered>
    </Section>
  );
}

const COLUMNS = [
  "Return",
  "A year",
  "Your lead",
  "Worst fall",
  "Your money in it",
  "Lead in money",
] as const;

type ComparedProps = { data: SideBySideOut; filter: BesideFilter };

function Compared({ data, filter }: ComparedProps) {
  return (
    <>
      <div className="tablewrap">
        <table className="tbl stack rows" aria-label="Your portfolio and benchmarks">
          <thead>
            <tr>
              <th scope="col" className="!text-left">
                Over {data.day_count} days
              </th>
              {COLUMNS.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Portfolio data={data} filter={filter} />
            {data.items.map((item) => (
              <Benchmark key={item.benchmark_id} item={item} data={data} filter={filter} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="mt-3 text-xs text-ink-2 max-w-[92ch]">
        {day(data.from_date ?? data.as_of)} to {day(data.to_date ?? data.as_of)}, in {data.currency}
        ; time-weighted, {TIMING_WORDS[data.conventions.flow_timing]}, after fees and taxes; by the
        year only from {data.conventions.annualized_from_days} days. Your money in it: what you had
        on the first day and every deposit and withdrawal, put into the benchmark on the same days.
        Your lead is what you made more than it. Benchmarks pay neither fees nor taxes. Calculations{" "}
        {data.time_weighted.calculation_version} (returns) and {data.calculation_version}{" "}
        (comparison), valued as of {day(data.as_of)}.
      </p>
    </>
  );
}

const Cell = ({ label, children }: { label: (typeof COLUMNS)[number]; children: ReactNode }) => (
  <td data-label={label}>{children}</td>
);

function Portfolio({ data, filter }: ComparedProps) {
  const own = data.time_weighted;
  const where = (figure: string) => explainedBeside("performance", filter, data, { figure });
  return (
    <tr className="font-medium">
      <th scope="row" className="!text-left">
        Your portfolio
      </th>
      <Cell label="Return">
        <Why mark figure="Return of the portfolio" path={where("time_weighted")}>
          <SignedPercent ratio={own.ratio} reason={reasonOf(own.reason)} />
        </Why>
      </Cell>
      <Cell label="A year">
        <Why
          figure="Return of the portfolio a year"
          path={own.annualized_ratio && where("time_weighted_yearly")}
        >
          <SignedPercent
            ratio={own.annualized_ratio}
            reason={reasonOf(own.ratio === null ? own.reason : "less_than_a_year")}
          />
        </Why>
      </Cell>
      <td className="max-md:hidden" />
      <Cell label="Worst fall">
        <Why figure="Worst fall of the portfolio" path={where("max_drawdown")}>
          <SignedPercent ratio={data.max_drawdown.ratio} reason={reasonOf(own.reason)} />
        </Why>
      </Cell>
      <Cell label="Your money in it">
        <Money
          value={data.closing_nav}
          currency={data.currency}
          digits={0}
          reason={reasonOf("value_unknown")}
        />
      </Cell>
      <td className="max-md:hidden" />
    </tr>
  );
}

type Item = SideBySideOut["items"][number];

function Benchmark({ item, data, filter }: ComparedProps & { item: Item }) {
  const where = (figure: string) =>
    explainedBeside("benchmarks", filter, data, { figure, benchmark: item.benchmark_id });
  const unknown = reasonOf(item.reason);
  const untold = unknown ?? reasonOf(data.time_weighted.reason);
  return (
    <tr>
      <th scope="row" className="!text-left font-normal">
        <span className="block">{item.name}</span>
        <span className="text-xs text-ink-2">
          {item.origin === "own" ? "your blend, " : ""}
          {BASIS_WORDS[item.basis]}
        </span>
      </th>
      <Cell label="Return">
        <Why mark figure={`Return of ${item.symbol}`} path={where("ratio")}>
          <SignedPercent ratio={item.ratio} reason={unknown} />
        </Why>
      </Cell>
      <Cell label="A year">
        <Why
          figure={`Return of ${item.symbol} a year`}
          path={item.annualized_ratio && where("annualized_ratio")}
        >
          <SignedPercent
            ratio={item.annualized_ratio}
            reason={unknown ?? reasonOf("less_than_a_year")}
          />
        </Why>
      </Cell>
      <Cell label="Your lead">
        <Why figure={`More than ${item.symbol}`} path={item.excess_ratio && where("excess_ratio")}>
          <SignedPercent
            ratio={item.excess_ratio}
            reason={untold}
            className={tone(item.excess_ratio, 4)}
          />
        </Why>
      </Cell>
      <Cell label="Worst fall">
        <Why figure={`Worst fall of ${item.symbol}`} path={where("max_drawdown")}>
          <SignedPercent ratio={item.max_drawdown.ratio} reason={unknown} />
        </Why>
      </Cell>
      <Cell label="Your money in it">
        <Why
          figure={`The same money in ${item.symbol}`}
          path={item.same_flows_closing && where("same_flows_closing")}
        >
          <Money
            value={item.same_flows_closing}
            currency={data.currency}
            digits={0}
            reason={reasonOf(item.same_flows_reason)}
          />
        </Why>
      </Cell>
      <Cell label="Lead in money">
        <Why
          figure={`More than in ${item.symbol}`}
          path={item.same_flows_difference && where("same_flows_difference")}
        >
          <Money
            value={item.same_flows_difference}
            currency={data.currency}
            digits={0}
            signed
            reason={reasonOf(item.same_flows_reason)}
            className={tone(item.same_flows_difference)}
          />
        </Why>
      </Cell>
    </tr>
  );
}
