import { curveLinear, curveStepAfter } from "@visx/curve";
import { scaleLinear, scaleUtc } from "@visx/scale";
import { AreaClosed, LinePath } from "@visx/shape";

export type TimePoint = { date: string; value: number | null; second?: number | null };
export type Baseline = "zero" | "bottom";
/** `run` counts the gaps before it: only points of the same run are joined. */
export type Placed = { x: number; y: number; second: number | null; index: number; run: number };
const MARGIN = { top: 10, right: 62, bottom: 26, left: 2 };

/** Points that can be drawn; the others stay gaps, which no line crosses. */
export function place(points: readonly TimePoint[]): Placed[] {
  let run = 0;
  let isGap = false;
  return points.flatMap((point, index) => {
    if (point.value === null) {
      isGap = true;
      return [];
    }
    if (isGap) run += 1;
    isGap = false;
    return [
      {
        x: Date.parse(point.date),
        y: point.value,
        second: point.second ?? null,
        index,
        run,
      },
    ];
  });
}

/** The points of each run, in their order. */
export function runsOf(points: readonly Placed[]): Placed[][] {
  const runs = new Map<number, Placed[]>();
  for (const point of points) {
    const run = runs.get(point.run);
    if (run) run.push(point);
    else runs.set(point.run, [point]);
  }
  return [...runs.values()];
}

export type Plot = ReturnType<typeof scales>;

/** Where the vertical axis begins and ends: some room beyond the values, none beyond a zero. */
export function verticalRange(values: readonly number[], baseline: Baseline): [number, number] {
  const shown = baseline === "zero" ? [...values, 0] : values;
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const pad = (high - low || Math.abs(high) * 0.02 || 1) * 0.08;
  // a value that never fell below zero has nothing there, and a fall has nothing above it
  return [
    low >= 0 ? Math.max(0, low - pad) : low - pad,
    high <= 0 ? Math.min(0, high + pad) : high + pad,
  ];
}

export function scales(
  points: readonly Placed[],
  width: number,
  height: number,
  baseline: Baseline,
) {
  const isFromZero = baseline === "zero";
  const values = points.flatMap(({ y, second }) => (second === null ? [y] : [y, second]));
  const domain = verticalRange(values, baseline);
  const first = points[0] as Placed;
  const last = points[points.length - 1] as Placed;
  const y = scaleLinear<number>({
    domain,
    range: [height - MARGIN.bottom, MARGIN.top],
    // rounding the ends would show room for falls below zero that never were
    nice: isFromZero ? false : 5,
  });
  return {
    x: scaleUtc<number>({
      domain: [first.x, last.x],
      range: [MARGIN.left, width - MARGIN.right],
    }),
    y,
    floor: isFromZero ? 0 : (y.domain()[0] ?? 0),
    hasSecond: points.some((point) => point.second !== null),
    span: last.x - first.x,
  };
}

/** "2012", "Apr ’12" or "Apr 12": a month with its year never looks like a day. */
function axisDate(time: number, span: number): string {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" }).format(time);
  if (span > 4 * 365 * 864e5) return part({ year: "numeric" });
  if (span > 60 * 864e5) return `${part({ month: "short" })} ’${part({ year: "2-digit" })}`;
  return part({ day: "numeric", month: "short" });
}

export function Grid({
  plot,
  width,
  height,
  tick,
}: {
  plot: Plot;
  width: number;
  height: number;
  tick: (value: number) => string;
}) {
  const right = width - MARGIN.right;
  const isSmall = width < 560;
  return (
    <>
      {plot.y.ticks(5).map((value) => (
        <g key={value}>
          <line
            x1={MARGIN.left}
            x2={right}
            y1={plot.y(value)}
            y2={plot.y(value)}
            stroke="var(--rule)"
            strokeDasharray={value === 0 ? undefined : "1 3"}
          />
          <text
            className="num"
            x={right + 8}
            y={plot.y(value)}
            dy=".32em"
            fontSize="12"
            fill="var(--ink-2)"
          >
            {tick(value)}
          </text>
        </g>
      ))}
      <line
        x1={MARGIN.left}
        x2={right}
        y1={height - MARGIN.bottom}
        y2={height - MARGIN.bottom}
        stroke="var(--rule-strong)"
      />
      {plot.x.ticks(isSmall ? 3 : 7).map((date) => (
        <text
          key={date.getTime()}
          className="num"
          x={plot.x(date)}
          y={height - 8}
          textAnchor="middle"
          fontSize="12"
          fill="var(--ink-2)"
        >
          {axisDate(date.getTime(), plot.span)}
        </text>
      ))}
    </>
  );
}

type LineProps = {
  plot: Plot;
  points: readonly Placed[];
  color: string;
  /** Draw the second line as steps: it changes on a day, not over the days before it. */
  isSecondStep: boolean;
};

/** The area, the line, and the line it is compared with. */
export function Lines({ plot, points, color, isSecondStep }: LineProps) {
  const x = (point: Placed) => plot.x(point.x);
  const y = (point: Placed) => plot.y(point.y);
  const runs = runsOf(points);
  return (
    <>
      {runs.map((run) => (
        <AreaClosed
          key={run[0]?.index}
          data={run}
          x={x}
          y={y}
          y0={() => plot.y(plot.floor)}
          yScale={plot.y}
          curve={curveLinear}
          fill={color}
          fillOpacity={0.12}
        />
      ))}
      {plot.hasSecond && (
        <LinePath
          data={points.filter((point) => point.second !== null)}
          x={x}
          y={(point) => plot.y(point.second ?? 0)}
          curve={isSecondStep ? curveStepAfter : curveLinear}
          stroke="var(--ink-2)"
          strokeWidth={1.25}
          strokeDasharray="4 3"
          fill="none"
        />
      )}
      {runs.map((run) =>
        run.length > 1 ? (
          <LinePath
            key={run[0]?.index}
            data={run}
            x={x}
            y={y}
            stroke={color}
            strokeWidth={2}
            strokeLinejoin="round"
            fill="none"
          />
        ) : (
          // a day alone between unknown ones has no line, and is seen all the same
          run.map((point) => (
            <circle key={point.index} cx={x(point)} cy={y(point)} r={2} fill={color} />
          ))
        ),
      )}
    </>
  );
}

/** `y` is null of a day whose value is not known. */
type MarkProps = { plot: Plot; x: number; y: number | null; color: string; height: number };

/** The day that is being read. */
export function Crosshair({ plot, x, y, color, height }: MarkProps) {
  return (
    <g transform={`translate(${String(plot.x(x))},0)`}>
      <line y1={MARGIN.top} y2={height - MARGIN.bottom} stroke="var(--ink)" strokeOpacity={0.55} />
      {y !== null && (
        <circle cy={plot.y(y)} r={4.5} fill="var(--sheet)" stroke={color} strokeWidth={2.5} />
      )}
    </g>
  );
}

/** Where the line stands now. */
export function End({
  plot,
  point,
  color,
}: {
  plot: Plot;
  point: Placed | undefined;
  color: string;
}) {
  if (!point) return null;
  return <circle cx={plot.x(point.x)} cy={plot.y(point.y)} r={4} fill={color} />;
}
