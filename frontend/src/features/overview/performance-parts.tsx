import { LineKey } from "@/shared/charts/line-key";
import { DataRegion } from "@/shared/charts/data-region";
import { explainPath } from "@/shared/api/explanations";
import type { PerformanceOut } from "@/shared/api/gen/types.gen";
import type { TimePoint } from "@/shared/charts/time-plot";
import { day, longDay, percent } from "@/shared/format/format";
import { gainReason, reasonOf } from "@/shared/format/reasons";
import { Money, SignedPercent, Unknown } from "@/shared/ui/figures";
import { Why } from "@/shared/ui/why";

type Scoped = { performance: PerformanceOut; account: string | undefined };

/** Where a figure of the span is explained. */
const pathOf = ({ performance, account }: Scoped, figure: string): string =>
  explainPath("performance", {
    figure,
    account_id: account,
    from: performance.from_date ?? undefined,
    to: performance.to_date ?? undefined,
  });

type HeadlineProps = Scoped & { method: "twr" | "mwr"; words: string };

export function Headline({ method, words, performance, account }: HeadlineProps) {
  const scoped = { performance, account };
  const figure = method === "twr" ? performance.time_weighted : performance.money_weighted;
  const yearly = figure.annualized_ratio && percent(figure.annualized_ratio, 2, true);
  // over one year the two are the same figure; saying it twice explains nothing
  const isSame = figure.ratio !== null && yearly === percent(figure.ratio, 2, true);
  const fall = performance.max_drawdown;
  return (
    <p
      className="flex flex-wrap items-baseline gap-x-3 text-[1.1875rem] leading-7 font-[540]"
      data-testid="return"
    >
      <span className="flex items-baseline gap-x-2">
        <Why
          mark
          figure={method === "twr" ? "Time-weighted return" : "Money-weighted return"}
          path={pathOf(scoped, method === "twr" ? "time_weighted" : "money_weighted")}
        >
          <SignedPercent ratio={figure.ratio} reason={reasonOf(figure.reason)} />
        </Why>
        <span className="text-sm font-normal text-ink-2">{words}</span>
      </span>
      <span className="flex items-baseline gap-x-3 text-sm font-normal text-ink-2">
        {yearly && !isSame && (
          <span className="num">
            <Why
              figure="Return a year"
              path={pathOf(
                scoped,
                method === "twr" ? "time_weighted_yearly" : "money_weighted_yearly",
              )}
            >
              {yearly} a year
            </Why>
          </span>
        )}
        {fall.ratio !== null && (
          <span
            className="num"
            title={
              fall.peak_date && fall.trough_date
                ? `${day(fall.peak_date)} to ${day(fall.trough_date)}`
                : undefined
            }
          >
            <Why figure="Worst fall" path={pathOf(scoped, "max_drawdown")}>
              worst fall {percent(fall.ratio, 1)}
            </Why>
          </span>
        )}
      </span>
    </p>
  );
}

export function Legend({ view }: { view: "value" | "return" | "drawdown" }) {
  const names = { value: "Portfolio value", return: "Return", drawdown: "Below the last high" };
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 text-xs text-ink-2">
      <li className="flex items-center gap-2">
        <LineKey color={view === "drawdown" ? "var(--loss)" : "var(--blue)"} />
        {names[view]}
      </li>
      {view === "value" && (
        <li className="flex items-center gap-2">
          <LineKey color="var(--ink-2)" dashes="4 3" />
          Net contributions
        </li>
      )}
    </ul>
  );
}

export function WhyTheyDiffer({ performance, account }: Scoped) {
  const scoped = { performance, account };
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
          <Why figure="Paid in or out" path={pathOf(scoped, "net_flows")}>
            <Money
              value={performance.net_flows}
              currency={performance.currency}
              digits={0}
              signed
              reason={gainReason(performance)}
            />
          </Why>{" "}
          were paid in or out; the gain was{" "}
          <Why figure="Gain of the span" path={pathOf(scoped, "gain")}>
            <Money
              value={performance.gain}
              currency={performance.currency}
              digits={0}
              signed
              reason={gainReason(performance)}
            />
          </Why>
          .
        </p>
        {performance.money_weighted.status !== "ok" && performance.money_weighted.reason && (
          <p>
            Money-weighted: <Unknown reason={reasonOf(performance.money_weighted.reason)} />{" "}
            <span aria-hidden="true">{reasonOf(performance.money_weighted.reason)}</span>
          </p>
        )}
      </div>
    </details>
  );
}

type SeriesProps = Scoped & {
  view: "value" | "return" | "drawdown";
  points: readonly TimePoint[];
  show: (value: number | null) => string;
  heading: string;
  height: number;
};

const FIGURES = { return: "time_weighted", drawdown: "drawdown" } as const;

/** Where the value of one day of the series is explained; a return needs a day to come from. */
function pathOfDay({ view, performance, account }: Omit<SeriesProps, "points">, date: string) {
  if (view === "value") return explainPath("nav", { on: date, account_id: account });
  if (date === performance.from_date) return null;
  return explainPath("performance", {
    figure: FIGURES[view],
    account_id: account,
    from: performance.from_date ?? undefined,
    to: date,
  });
}

export function SeriesTable({ points, ...props }: SeriesProps) {
  const { show, heading, height } = props;
  return (
    <DataRegion label="Chart data" height={height}>
      <thead>
        <tr>
          <th scope="col">Date</th>
          <th scope="col">{heading}</th>
        </tr>
      </thead>
      <tbody>
        {[...points].reverse().map((point) => (
          <tr key={point.date}>
            <td>{longDay(point.date)}</td>
            <td className="num">
              <Why
                figure={`${heading} on ${day(point.date)}`}
                path={point.value === null ? null : pathOfDay(props, point.date)}
              >
                {show(point.value)}
              </Why>
            </td>
          </tr>
        ))}
      </tbody>
    </DataRegion>
  );
}
