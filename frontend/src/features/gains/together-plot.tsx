import { scaleLinear } from "@visx/scale";
import { useId } from "react";
import type { GainsRowOut } from "@/shared/api/gen/types.gen";
import { anchorAt } from "@/shared/charts/anchor";
import { Hatch } from "@/shared/charts/hatch";
import { compactMoney } from "@/shared/format/format";
import { amountOf, nameOf, PARTS, type Part } from "./together";

const BAR = 9;
const GAP = 18;
const ROW = PARTS.length * BAR + GAP;
const TOP = 4;
const AXIS = 26;
const NARROW = 560;
const NAMES = 108;
const LABEL = 15;

export const plotHeight = (count: number, width: number): number =>
  TOP + count * (ROW + (width < NARROW ? LABEL : 0)) + AXIS;

type Props = {
  rows: readonly GainsRowOut[];
  width: number;
  currency: string;
  isHidden: boolean;
  /** The row that is being read. */
  at: number | null;
};

/** The row a height within the plot belongs to. */
export function rowAt(y: number, count: number, width: number): number {
  const step = ROW + (width < NARROW ? LABEL : 0);
  return Math.min(Math.max(Math.floor((y - TOP) / step), 0), count - 1);
}

/** Three bars a row from one zero: realized full, unrealized pale, income hatched. */
export function TogetherPlot({ rows, width, currency, isHidden, at }: Props) {
  const hatch = useId();
  const isNarrow = width < NARROW;
  const height = plotHeight(rows.length, width);
  const ends = rows.flatMap((row) => PARTS.map((part) => Number(amountOf(row, part) ?? 0)));
  const x = scaleLinear<number>({
    domain: [Math.min(0, ...ends), Math.max(0, ...ends)],
    range: [isNarrow ? 2 : NAMES, width - 24],
  });
  const step = ROW + (isNarrow ? LABEL : 0);
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${String(width)} ${String(height)}`}
      aria-hidden="true"
      className="block max-w-full"
    >
      <Hatch id={hatch} />
      {at !== null && (
        <rect
          data-testid="row-read"
          x={0}
          y={TOP + at * step}
          width={width}
          height={step}
          rx={4}
          fill="var(--ink)"
          fillOpacity={0.06}
        />
      )}
      {x.ticks(isNarrow ? 3 : 6).map((value) => (
        <g key={value}>
          <line
            x1={x(value)}
            x2={x(value)}
            y1={TOP}
            y2={height - AXIS}
            stroke={value === 0 ? "var(--rule-strong)" : "var(--rule)"}
            strokeDasharray={value === 0 ? undefined : "1 3"}
          />
          {!isHidden && (
            <text
              className="num"
              x={x(value)}
              y={height - 8}
              textAnchor={anchorAt(x(value), width)}
              fontSize="12"
              fill="var(--ink-2)"
            >
              {compactMoney(value, currency)}
            </text>
          )}
        </g>
      ))}
      {rows.map((row, place) => {
        const top = TOP + place * step + GAP / 2 + (isNarrow ? LABEL : 0);
        return (
          <g key={row.instrument_id ?? "cash"}>
            <text
              x={isNarrow ? 2 : NAMES - 10}
              y={isNarrow ? top - 5 : top + (PARTS.length * BAR) / 2}
              dy={isNarrow ? undefined : ".32em"}
              textAnchor={isNarrow ? "start" : "end"}
              fontSize="13"
              fontWeight="600"
              fill="var(--ink)"
            >
              {shortened(nameOf(row))}
            </text>
            {PARTS.map((part, line) => (
              <Bar
                key={part}
                part={part}
                value={amountOf(row, part)}
                x={x}
                y={top + line * BAR}
                hatch={hatch}
              />
            ))}
          </g>
        );
      })}
    </svg>
  );
}

const shortened = (name: string): string => (name.length > 13 ? `${name.slice(0, 12)}…` : name);

type BarProps = {
  part: Part;
  value: string | null;
  x: (value: number) => number;
  y: number;
  hatch: string;
};

/** What is not known has a question mark in the place of its bar, never a bar of nothing. */
function Bar({ part, value, x, y, hatch }: BarProps) {
  if (value === null) {
    return (
      <text x={x(0) + 4} y={y + BAR - 1} fontSize="10" fontWeight="700" fill="var(--warn)">
        ?
      </text>
    );
  }
  const [from, to] = [x(Math.min(0, Number(value))), x(Math.max(0, Number(value)))];
  if (Number(value) === 0) return null;
  return (
    <rect
      x={from}
      y={y + 1}
      width={Math.max(to - from, 1)}
      height={BAR - 2}
      {...LOOKS[part](hatch, Number(value) < 0 ? "var(--loss)" : "var(--gain)")}
    />
  );
}

const LOOKS: Readonly<
  Record<Part, (hatch: string, color: string) => React.SVGProps<SVGRectElement>>
> = {
  realized: (_, color) => ({ fill: color }),
  unrealized: (_, color) => ({
    fill: color,
    fillOpacity: 0.22,
    stroke: color,
    strokeWidth: 1.25,
  }),
  income: (hatch) => ({ fill: `url(#${hatch})`, stroke: "var(--blue)", strokeWidth: 1 }),
};

/** The same look, small, for the legend. */
export function PartKey({ part }: { part: Part }) {
  const hatch = useId();
  return (
    <svg aria-hidden="true" width="16" height="12" className="shrink-0">
      <Hatch id={hatch} />
      <rect x="1" y="1" width="14" height="10" {...LOOKS[part](hatch, "var(--gain)")} />
    </svg>
  );
}
