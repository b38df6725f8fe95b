import { scaleBand, scaleLinear } from "@visx/scale";
import { useId } from "react";
import type { CalendarMonthOut } from "@/shared/api/gen/types.gen";
import { Hatch } from "@/shared/charts/hatch";
import { compactMoney } from "@/shared/format/format";
import { STATES, type State } from "./phrases";

const MARGIN = { top: 10, right: 56, bottom: 24, left: 2 };
const drawn = (value: string | null): number => (value === null ? 0 : Number(value));

type Props = {
  months: readonly CalendarMonthOut[];
  width: number;
  height: number;
  currency: string;
  isHidden: boolean;
  at: number | null;
};

/** What lies on what in one month: amounts received upwards, amounts owed downwards. */
export function stacked(month: CalendarMonthOut): { state: State; from: number; to: number }[] {
  let [up, down] = [0, 0];
  return STATES.map((state) => {
    const value = drawn(month[state]);
    const from = value < 0 ? down : up;
    if (value < 0) down += value;
    else up += value;
    return { state, from, to: from + value };
  }).filter(({ from, to }) => from !== to);
}

export const placeOf = (months: readonly CalendarMonthOut[], width: number) =>
  scaleBand<string>({
    domain: months.map(({ month }) => month),
    range: [MARGIN.left, Math.max(width - MARGIN.right, MARGIN.left + 1)],
    padding: 0.28,
  });

/** Bars by month: full is paid, edged is declared, hatched and dashed is estimated. */
export function MonthPlot({ months, width, height, currency, isHidden, at }: Props) {
  const hatch = useId();
  const x = placeOf(months, width);
  const bars = months.map((month) => stacked(month));
  const ends = bars.flat().flatMap(({ from, to }) => [from, to]);
  const y = scaleLinear<number>({
    domain: [Math.min(0, ...ends), Math.max(1, ...ends)],
    range: [height - MARGIN.bottom, MARGIN.top],
  });
  const every = Math.max(1, Math.ceil(months.length / (width < 560 ? 4 : 9)));
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${String(width)} ${String(height)}`}
      aria-hidden="true"
      className="absolute inset-0 max-w-full"
    >
      <Hatch id={hatch} />
      {y.ticks(4).map((value) => (
        <g key={value}>
          <line
            x1={MARGIN.left}
            x2={width - MARGIN.right}
            y1={y(value)}
            y2={y(value)}
            stroke={value === 0 ? "var(--rule-strong)" : "var(--rule)"}
            strokeDasharray={value === 0 ? undefined : "1 3"}
          />
          {!isHidden && (
            <text
              className="num"
              x={width - MARGIN.right + 8}
              y={y(value)}
              dy=".32em"
              fontSize="12"
              fill="var(--ink-2)"
            >
              {compactMoney(value, currency)}
            </text>
          )}
        </g>
      ))}
      {months.map((month, place) => (
        <g key={month.month} opacity={at === null || at === place ? 1 : 0.55}>
          {(bars[place] ?? []).map((bar) => (
            <Bar
              key={bar.state}
              bar={bar}
              x={x(month.month) ?? 0}
              width={x.bandwidth()}
              y={y}
              hatch={hatch}
            />
          ))}
          {place % every === 0 && (
            <text
              x={place === 0 ? 0 : (x(month.month) ?? 0) + x.bandwidth() / 2}
              y={height - 7}
              textAnchor={place === 0 ? "start" : "middle"}
              fontSize="12"
              fill="var(--ink-2)"
            >
              {monthName(month.month)}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}

/** "2026-03" as "Mar ’26". */
export function monthName(month: string, long = false): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" }).format(date);
  if (long) return part({ month: "long", year: "numeric" });
  return `${part({ month: "short" })} ’${part({ year: "2-digit" })}`;
}

type BarProps = {
  bar: { state: State; from: number; to: number };
  x: number;
  width: number;
  y: (value: number) => number;
  hatch: string;
};

function Bar({ bar, x, width, y, hatch }: BarProps) {
  const [top, bottom] = [y(Math.max(bar.from, bar.to)), y(Math.min(bar.from, bar.to))];
  return (
    <rect
      x={x + 0.75}
      y={top + 0.75}
      width={Math.max(width - 1.5, 1)}
      height={Math.max(bottom - top - 1.5, 1)}
      {...LOOKS[bar.state](hatch)}
    />
  );
}

const LOOKS: Readonly<Record<State, (hatch: string) => React.SVGProps<SVGRectElement>>> = {
  paid: () => ({ fill: "var(--blue)" }),
  declared: () => ({
    fill: "var(--blue)",
    fillOpacity: 0.22,
    stroke: "var(--blue)",
    strokeWidth: 1.5,
  }),
  estimated: (hatch) => ({
    fill: `url(#${hatch})`,
    stroke: "var(--blue)",
    strokeWidth: 1,
    strokeDasharray: "3 2",
  }),
};

/** The same look, small, for the legend. */
export function StateKey({ state }: { state: State }) {
  const hatch = useId();
  return (
    <svg aria-hidden="true" width="16" height="12" className="shrink-0">
      <Hatch id={hatch} />
      <rect x="1" y="1" width="14" height="10" {...LOOKS[state](hatch)} />
    </svg>
  );
}
