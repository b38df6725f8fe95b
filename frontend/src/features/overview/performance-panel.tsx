import { useQuery } from "@tanstack/react-query";
import { Table2 } from "lucide-react";
import { useMemo, useState } from "react";
import type { NavSeriesOut, PerformanceOut, ReturnOut } from "@/shared/api/gen/types.gen";
import { TimeChart, type TimePoint } from "@/shared/charts/time-chart";
import { compactMoney, longDay, money, percent } from "@/shared/format/format";
import { usePreferences } from "@/shared/preferences/preferences";
import { Choice } from "@/shared/ui/choice";
import { Money, SignedPercent, Unknown } from "@/shared/ui/figures";
import { ProblemNotice, Skeleton } from "@/shared/ui/states";
import { navQuery, performanceQuery } from "./queries";

export type ChartView = "value" | "return" | "drawdown";
export type ReturnMethod = "twr" | "mwr";
const VIEWS = [
  ["value", "Value"],
  ["return", "Return"],
  ["drawdown", "Drawdown"],
] as const;
const METHODS = [
  ["twr", "Time-weighted"],
  ["mwr", "Money-weighted"],
] as const;
const HEIGHT = 320;

type Props<P extends string> = {
  account: string | undefined;
  from: string | undefined;
  view: ChartView;
  method: ReturnMethod;
  period: P;
  periods: readonly P[];
  periodWords: string;
  onChange: (change: { view?: ChartView; method?: ReturnMethod; period?: P }) => void;
};

export function PerformancePanel<P extends string>(props: Props<P>) {
  const span = { account: props.account, from: props.from };
  const nav = useQuery(navQuery(span));
  const performance = useQuery(performanceQuery(span));
  const failed = nav.error ?? performance.error;
  const retry = () => {
    void nav.refetch();
    void performance.refetch();
  };
  return (
    <section aria-labelledby="performance" className="sect min-w-0">
      <header className="!mb-2">
        <h2 id="performance">Performance</h2>
        <Choice
          label="Measure"
          look="quiet"
          value={props.view}
          options={VIEWS}
          onChange={(view) => {
            props.onChange({ view });
          }}
        />
      </header>
      {nav.data && performance.data ? (
        <Loaded nav={nav.data} performance={performance.data} {...props} />
      ) : failed ? (
        <ProblemNotice error={failed} onRetry={retry} />
      ) : (
        <div style={{ height: HEIGHT + 110 }}>
          <Skeleton label="Loading performance" rows={8} height={36} />
        </div>
      )}
    </section>
  );
}

function Loaded<P extends string>({
  nav,
  performance,
  view,
  method,
  period,
  periods,
  periodWords,
  onChange,
}: Props<P> & { nav: NavSeriesOut; performance: PerformanceOut }) {
  const [read, setRead] = useState<TimePoint | null>(null);
  const [isTable, setTable] = useState(false);
  const { isHidden } = usePreferences();
  const points = useMemo(() => toPoints(view, nav, performance), [view, nav, performance]);
  const figure = method === "twr" ? performance.time_weighted : performance.money_weighted;
  const show = (value: number | null) =>
    value === null
      ? "unknown"
      : view === "value"
        ? isHidden
          ? "amount hidden"
          : money(value.toFixed(2), nav.currency)
        : percent(value.toFixed(6), 2, true);
  const speak = (point: TimePoint) => `${longDay(point.date)}: ${show(point.value)}`;
  if (points.length < 2) {
    return <p className="note">The line appears once there are two days to connect.</p>;
  }
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <Choice
          label="Return method"
          look="text"
          value={method}
          options={METHODS}
          onChange={(next) => {
            onChange({ method: next });
          }}
        />
        <Choice
          label="Period"
          value={period}
          options={periods.map((key) => [key, key] as const)}
          onChange={(next) => {
            onChange({ period: next });
          }}
        />
      </div>
      {/* a row and a height of its own: a line that jumps moves what the pointer is about to press */}
      <div className="h-14 sm:h-7 mb-3 overflow-hidden" aria-live="off">
        {read ? (
          <p className="text-[1.1875rem] leading-7 font-[540] num" data-testid="readout">
            {show(read.value)}
            <span className="text-sm font-normal text-ink-2 ml-3">{longDay(read.date)}</span>
          </p>
        ) : (
          <Headline figure={figure} words={periodWords} performance={performance} />
        )}
      </div>
      {isTable ? (
        <SeriesTable points={points} show={show} heading={view} />
      ) : (
        <TimeChart
          points={points}
          height={HEIGHT}
          color={view === "drawdown" ? "var(--loss)" : "var(--blue)"}
          label="Inspect the chart by date"
          baseline={view === "drawdown" ? "zero" : "bottom"}
          secondStep
          tick={(value) =>
            view === "value"
              ? isHidden
                ? ""
                : compactMoney(value, nav.currency)
              : percent(value.toFixed(4), 0)
          }
          speak={speak}
          onRead={setRead}
        />
      )}
      <div className="flex flex-wrap items-center justify-between gap-x-5 mt-1">
        <ul className="flex flex-wrap gap-x-5 gap-y-1 text-xs text-ink-2">
          <li>{view === "value" ? "— Portfolio value" : "— Portfolio"}</li>
          {view === "value" && <li>- - Net contributions</li>}
        </ul>
        <button
          type="button"
          className="lnk gap-1.5"
          aria-pressed={isTable}
          onClick={() => {
            setTable(!isTable);
          }}
        >
          <Table2 aria-hidden="true" size={14} />
          {isTable ? "Show chart" : "Show as table"}
        </button>
      </div>
      <WhyTheyDiffer performance={performance} />
    </>
  );
}

function Headline({
  figure,
  words,
  performance,
}: {
  figure: ReturnOut;
  words: string;
  performance: PerformanceOut;
}) {
  return (
    <p className="text-[1.1875rem] leading-7 font-[540]" data-testid="return">
      <SignedPercent ratio={figure.ratio} reason={figure.reason ?? undefined} />
      <span className="text-sm font-normal text-ink-2 ml-2">{words}</span>
      {figure.annualized_ratio !== null && (
        <span className="text-sm font-normal text-ink-2 ml-2 num">
          {percent(figure.annualized_ratio, 2, true)} a year
        </span>
      )}
      {performance.max_drawdown.ratio !== null && (
        <span className="text-sm font-normal text-ink-2 ml-2 num">
          worst fall {percent(performance.max_drawdown.ratio, 1)}
        </span>
      )}
    </p>
  );
}

function WhyTheyDiffer({ performance }: { performance: PerformanceOut }) {
  return (
    <details className="mt-3 text-sm">
      <summary className="cursor-pointer text-blue min-h-6">Why the two returns differ</summary>
      <div className="mt-2 max-w-[68ch] text-ink-2 flex flex-col gap-2">
        <p>
          Time-weighted: what the investments did, whatever was paid in when. Money-weighted: what
          your own money did; a deposit before a rise counts more. Flows count at the start of their
          day in both.
        </p>
        <p>
          In this span{" "}
          <Money value={performance.net_flows} currency={performance.currency} digits={0} signed />{" "}
          were paid in or out; the gain was{" "}
          <Money value={performance.gain} currency={performance.currency} digits={0} signed />.
        </p>
        {performance.money_weighted.status !== "ok" && performance.money_weighted.reason && (
          <p>
            Money-weighted: <Unknown reason={performance.money_weighted.reason} />{" "}
            {performance.money_weighted.reason}
          </p>
        )}
      </div>
    </details>
  );
}

function SeriesTable({
  points,
  show,
  heading,
}: {
  points: readonly TimePoint[];
  show: (value: number | null) => string;
  heading: string;
}) {
  const rows = [...points].reverse().slice(0, 400);
  return (
    <div
      className="overflow-auto"
      style={{ height: HEIGHT }}
      tabIndex={0}
      role="region"
      aria-label="Chart data"
    >
      <table className="tbl">
        <thead>
          <tr>
            <th scope="col">Date</th>
            <th scope="col">{heading}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((point) => (
            <tr key={point.date}>
              <td>{longDay(point.date)}</td>
              <td className="num">{show(point.value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** For drawing only: pixels do not need more than a double holds. */
const drawn = (text: string | null): number | null => (text === null ? null : Number(text));

function toPoints(view: ChartView, nav: NavSeriesOut, performance: PerformanceOut): TimePoint[] {
  if (view === "value") {
    return nav.items.map((item) => ({
      date: item.as_of,
      value: drawn(item.nav),
      second: drawn(item.net_contributions),
    }));
  }
  return performance.items.map((item) => ({
    date: item.as_of,
    value: drawn(view === "return" ? item.return_ratio : item.drawdown_ratio),
  }));
}
