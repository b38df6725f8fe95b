import type { PerformanceOut } from "@/shared/api/gen/types.gen";
import type { TimePoint } from "@/shared/charts/time-plot";
import { BASIS_WORDS } from "@/shared/format/benchmark-basis";
import { day } from "@/shared/format/format";
import { gainReason, reasonOf } from "@/shared/format/reasons";
import { spanFile } from "@/shared/span";
import { Money, SignedPercent } from "@/shared/ui/figures";
import { Stat } from "@/shared/ui/stat";
import { Section } from "@/shared/ui/states";
import { Why } from "@/shared/ui/why";
import { benchmarkPath, returnPath, returnsInFull, type ReturnFilter } from "./queries";
import { RatioSeries } from "./series";

export type Method = "twr" | "mwr";
type Props = { data: PerformanceOut; filter: ReturnFilter; method: Method };

/** For drawing only: pixels do not need more than a double holds. */
const drawn = (text: string | null): number | null => (text === null ? null : Number(text));

/** What is drawn may leave most days of a long span out. */
const everyDay = async (data: PerformanceOut, filter: ReturnFilter) =>
  data.is_decimated ? (await returnsInFull(filter)).items : data.items;

export function Headline({ data, filter, method }: Props) {
  const isTime = method === "twr";
  const figure = isTime ? data.time_weighted : data.money_weighted;
  const name = isTime ? "time_weighted" : "money_weighted";
  const where = (of: string) => returnPath(filter, data, of);
  const unknown = gainReason(data);
  return (
    <dl className="grid grid-cols-2 lg:grid-cols-4 gap-x-6 gap-y-4 mb-5">
      <Stat label={isTime ? "Time-weighted return" : "Money-weighted return"}>
        <span data-testid="return">
          <Why mark figure="Return of the span" path={where(name)}>
            <SignedPercent ratio={figure.ratio} reason={reasonOf(figure.reason)} />
          </Why>
        </span>
      </Stat>
      <Stat label="A year">
        <Why figure="Return a year" path={figure.annualized_ratio && where(`${name}_yearly`)}>
          <SignedPercent
            ratio={figure.annualized_ratio}
            reason={figure.ratio === null ? reasonOf(figure.reason) : reasonOf("less_than_a_year")}
          />
        </Why>
      </Stat>
      <Stat label="Gain">
        <Why figure="Gain of the span" path={where("gain")}>
          <Money value={data.gain} currency={data.currency} digits={0} signed reason={unknown} />
        </Why>
      </Stat>
      <Stat label="Paid in or out">
        <Why figure="Paid in or out" path={where("net_flows")}>
          <Money
            value={data.net_flows}
            currency={data.currency}
            digits={0}
            signed
            reason={unknown}
          />
        </Why>
      </Stat>
    </dl>
  );
}

export function ReturnChart({ data, filter }: Omit<Props, "method">) {
  const { benchmark } = data;
  const points: TimePoint[] = data.items.map((item) => ({
    date: item.as_of,
    value: drawn(item.return_ratio),
    second: drawn(item.benchmark_ratio),
  }));
  return (
    <>
      <RatioSeries
        points={points}
        name="Portfolio, time-weighted"
        second={benchmark ? `${benchmark.symbol}, ${BASIS_WORDS[benchmark.basis]}` : undefined}
        color="var(--blue)"
        height={300}
        file={`returns-${spanFile(filter)}`}
        rows={async () => [
          ["Date", "Portfolio, time-weighted", ...(benchmark ? [benchmark.symbol] : [])],
          ...(await everyDay(data, filter)).map((item) => [
            item.as_of,
            item.return_ratio,
            ...(benchmark ? [item.benchmark_ratio] : []),
          ]),
        ]}
        label="Inspect the return by date"
        table="return"
        isThinned={data.is_decimated}
      />
      {benchmark && <Beside data={data} filter={filter} benchmark={benchmark} />}
    </>
  );
}

type Benchmark = NonNullable<PerformanceOut["benchmark"]>;
type BesideProps = Omit<Props, "method"> & { benchmark: Benchmark };

/** The benchmark over the same days, and what the same money would be worth in it. */
function Beside({ data, filter, benchmark }: BesideProps) {
  const where = (figure: string) => benchmarkPath(filter, data, benchmark.benchmark_id, figure);
  return (
    <p className="mt-3 text-sm text-ink-2 max-w-[72ch]" data-testid="benchmark">
      {benchmark.symbol} made{" "}
      <Why figure={`Return of ${benchmark.symbol}`} path={where("ratio")}>
        <SignedPercent ratio={benchmark.ratio} reason={reasonOf(benchmark.reason)} />
      </Why>{" "}
      over the same days, {BASIS_WORDS[benchmark.basis]}. The same money put into it on the same
      days would be worth{" "}
      <Why figure={`The same money in ${benchmark.symbol}`} path={where("same_flows_closing")}>
        <Money
          value={benchmark.same_flows_closing}
          currency={data.currency}
          digits={0}
          reason={reasonOf(benchmark.same_flows_reason)}
        />
      </Why>
      {benchmark.same_flows_difference !== null && (
        <>
          , so the portfolio is{" "}
          <Why figure={`More than in ${benchmark.symbol}`} path={where("same_flows_difference")}>
            <Money
              value={benchmark.same_flows_difference}
              currency={data.currency}
              digits={0}
              signed
            />
          </Why>{" "}
          against it
        </>
      )}
      {benchmark.reason && <>. {reasonOf(benchmark.reason)}</>}.
    </p>
  );
}

export function Drawdown({ data, filter }: Omit<Props, "method">) {
  const fall = data.max_drawdown;
  return (
    <Section id="drawdown" title="Below the last high">
      <p className="text-sm text-ink-2 mb-2">
        Worst fall{" "}
        <Why mark figure="Worst fall" path={returnPath(filter, data, "max_drawdown")}>
          <SignedPercent ratio={fall.ratio} reason={reasonOf(data.time_weighted.reason)} />
        </Why>
        {fall.ratio !== null && fall.peak_date && fall.trough_date && (
          <>
            , from {day(fall.peak_date)} to {day(fall.trough_date)};{" "}
            {fall.recovery_date
              ? `made good on ${day(fall.recovery_date)}`
              : "not made good within this span"}
          </>
        )}
        .
      </p>
      <RatioSeries
        points={data.items.map((item) => ({
          date: item.as_of,
          value: drawn(item.drawdown_ratio),
        }))}
        name="Below the last high"
        color="var(--loss)"
        height={180}
        file={`drawdown-${spanFile(filter)}`}
        rows={async () => [
          ["Date", "Below the last high"],
          ...(await everyDay(data, filter)).map((item) => [item.as_of, item.drawdown_ratio]),
        ]}
        label="Inspect the drawdown by date"
        table="drawdown"
        isThinned={data.is_decimated}
      />
    </Section>
  );
}
