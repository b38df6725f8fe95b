import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState, type ReactNode } from "react";
import type { NavSeriesOut, PerformanceOut } from "@/shared/api/gen/types.gen";
import { SaveAs } from "@/shared/charts/save-as";
import { Thinned } from "@/shared/charts/thinned";
import { TableToggle } from "@/shared/charts/table-toggle";
import { useTable } from "@/shared/charts/use-table";
import { TimeChart } from "@/shared/charts/time-chart";
import type { TimePoint } from "@/shared/charts/time-plot";
import { compactMoney, longDay, money, percent } from "@/shared/format/format";
import { usePreferences } from "@/shared/preferences/preferences";
import { Choice } from "@/shared/ui/choice";
import { useKnown } from "@/shared/ui/known";
import { ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { Headline, Legend, SeriesTable, WhyTheyDiffer } from "./performance-parts";
import { navQuery, performanceQuery } from "./queries";
import { csvOf, headingOf, toPoints, type ChartView } from "./series";

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
  /** What stands below: the way to the page of returns. */
  more?: ReactNode;
  onChange: (change: { view?: ChartView; method?: ReturnMethod; period?: P }) => void;
};

export function PerformancePanel<P extends string>(props: Props<P>) {
  const span = { account: props.account, from: props.from, known: useKnown() };
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
        <>
          {failed && <StaleNotice what="the performance" onRetry={retry} />}
          <Loaded nav={nav.data} performance={performance.data} {...props} />
        </>
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

type LoadedProps<P extends string> = Props<P> & {
  nav: NavSeriesOut;
  performance: PerformanceOut;
};

function Loaded<P extends string>(props: LoadedProps<P>) {
  const { nav, performance, view } = props;
  const [read, setRead] = useState<TimePoint | null>(null);
  const points = useMemo(() => toPoints(view, nav, performance), [view, nav, performance]);
  const show = useShown(view, nav.currency);
  return (
    <>
      <Controls {...props} />
      {/* rows of their own: a line that jumps moves what the pointer is about to press */}
      <div className="min-h-14 sm:min-h-7 mb-3" aria-live="off">
        {read ? (
          <p className="text-[1.1875rem] leading-7 font-[540] num" data-testid="readout">
            {show(read.value)}
            <span className="text-sm font-normal text-ink-2 ml-3">{longDay(read.date)}</span>
          </p>
        ) : (
          <Headline
            method={props.method}
            words={props.periodWords}
            performance={performance}
            account={props.account}
          />
        )}
      </div>
      {points.length < 2 ? (
        <p className="note">The line appears once there are two days to connect.</p>
      ) : (
        <Drawn {...props} points={points} show={show} onRead={setRead} />
      )}
      <WhyTheyDiffer performance={performance} account={props.account} />
      {props.more}
    </>
  );
}

type DrawnProps<P extends string> = LoadedProps<P> & {
  points: readonly TimePoint[];
  show: Show;
  onRead: (point: TimePoint | null) => void;
};

/** The line or the table of it, and both as files. */
function Drawn<P extends string>(props: DrawnProps<P>) {
  const { nav, performance, view, period, points, show, account } = props;
  const [isTable, setTable] = useTable("overview");
  const box = useRef<HTMLDivElement>(null);
  const heading = headingOf(view, nav.currency);
  return (
    <>
      {isTable ? (
        <SeriesTable
          view={view}
          performance={performance}
          account={account}
          points={points}
          show={show}
          heading={headingOf(view)}
          height={HEIGHT}
        />
      ) : (
        <div ref={box}>
          <Chart {...{ view, points, show }} currency={nav.currency} onRead={props.onRead} />
        </div>
      )}
      <div className="flex flex-wrap items-center justify-between gap-x-5 mt-1">
        <Legend view={view} />
        <span className="text-xs text-ink-2">
          <Thinned
            isThinned={view === "value" ? nav.is_decimated : performance.is_decimated}
            count={points.length}
          />
        </span>
        <span className="flex flex-wrap gap-x-5 text-xs text-ink-2">
          <TableToggle isTable={isTable} onChange={setTable} />
          <SaveAs
            file={`${view}-${period}`}
            rows={() => csvOf(view, nav, performance)}
            chart={isTable ? undefined : { box, heading }}
          />
        </span>
      </div>
    </>
  );
}

function Controls<P extends string>({ method, period, periods, onChange }: Props<P>) {
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2 mb-1">
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
  );
}

type Show = (value: number | null) => string;

/** A drawn value in words, as the chosen view and the wish for privacy have it. */
function useShown(view: ChartView, currency: string): Show {
  const { isHidden } = usePreferences();
  return (value) => {
    if (value === null) return "unknown";
    if (view !== "value") return percent(value.toFixed(6), 2, true);
    return isHidden ? "amount hidden" : money(value.toFixed(2), currency);
  };
}

type ChartProps = {
  view: ChartView;
  points: readonly TimePoint[];
  currency: string;
  show: Show;
  onRead: (point: TimePoint | null) => void;
};

function Chart({ view, points, currency, show, onRead }: ChartProps) {
  const { isHidden } = usePreferences();
  const tick = (value: number) => {
    if (view !== "value") return percent(value.toFixed(4), 0);
    return isHidden ? "" : compactMoney(value, currency);
  };
  return (
    <TimeChart
      points={points}
      height={HEIGHT}
      color={view === "drawdown" ? "var(--loss)" : "var(--blue)"}
      label="Inspect the chart by date"
      baseline={view === "value" ? "bottom" : "zero"}
      secondStep
      tick={tick}
      speak={(point) => `${longDay(point.date)}: ${show(point.value)}`}
      onRead={onRead}
    />
  );
}
