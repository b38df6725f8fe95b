import type { NavSeriesOut, PerformanceOut } from "@/shared/api/gen/types.gen";
import type { TimePoint } from "@/shared/charts/time-plot";

export type ChartView = "value" | "return" | "drawdown";
const HEADINGS: Readonly<Record<ChartView, string>> = {
  value: "Value",
  return: "Return",
  drawdown: "Drawdown",
};

/** What a line is called; amounts with their currency, where that is said. */
export const headingOf = (view: ChartView, currency?: string): string =>
  view === "value" && currency ? `${HEADINGS.value} in ${currency}` : HEADINGS[view];

/** For drawing only: pixels do not need more than a double holds. */
const drawn = (text: string | null): number | null => (text === null ? null : Number(text));

export function toPoints(
  view: ChartView,
  nav: NavSeriesOut,
  performance: PerformanceOut,
): TimePoint[] {
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

/** The same points with their figures in full. */
export function csvOf(view: ChartView, nav: NavSeriesOut, performance: PerformanceOut) {
  if (view === "value") {
    return [
      ["Date", headingOf(view, nav.currency), `Net contributions in ${nav.currency}`],
      ...nav.items.map((item) => [item.as_of, item.nav, item.net_contributions]),
    ];
  }
  return [
    ["Date", headingOf(view)],
    ...performance.items.map((item) => [
      item.as_of,
      view === "return" ? item.return_ratio : item.drawdown_ratio,
    ]),
  ];
}
