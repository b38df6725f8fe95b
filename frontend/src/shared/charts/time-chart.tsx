import { curveLinear, curveStepAfter } from "@visx/curve";
import { scaleLinear, scaleUtc } from "@visx/scale";
import { AreaClosed, LinePath } from "@visx/shape";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { lttb } from "./lttb";

export type TimePoint = { date: string; value: number | null; second?: number | null };

type Props = {
  points: readonly TimePoint[];
  height: number;
  color: string;
  label: string;
  /** Fill to zero (drawdown) or to the bottom of the plot. */
  baseline?: "zero" | "bottom";
  secondStep?: boolean;
  tick: (value: number) => string;
  /** What a screen reader says of one point. */
  speak: (point: TimePoint) => string;
  onRead: (point: TimePoint | null) => void;
};

type Placed = { x: number; y: number; second: number | null; index: number };
const MARGIN = { top: 10, right: 62, bottom: 26, left: 2 };

function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.round(entry.contentRect.width));
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  return [box, width] as const;
}

function axisDate(time: number, span: number): string {
  const years = span > 2 * 365 * 864e5;
  const months = span > 60 * 864e5;
  const options: Intl.DateTimeFormatOptions = years
    ? { year: "numeric" }
    : months
      ? { month: "short", year: "2-digit" }
      : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" }).format(time);
}

/** Line over time: slider for keyboard and screen reader, readout outside, gaps stay gaps. */
export function TimeChart(props: Props) {
  const { points, height, color, label, baseline = "bottom", tick, speak, onRead } = props;
  const [box, width] = useWidth();
  const [at, setAt] = useState<number | null>(null);
  const helpId = useId();
  const placed = useMemo(() => place(points), [points]);
  const drawn = useMemo(
    () => lttb(placed, Math.min(800, Math.max(200, width || 800))),
    [placed, width],
  );
  const plot = useMemo(
    () => (width > 0 && drawn.length > 1 ? scales(drawn, width, height, baseline) : null),
    [drawn, width, height, baseline],
  );

  const read = (index: number | null) => {
    setAt(index);
    onRead(index === null ? null : (points[index] ?? null));
  };
  const readAt = (clientX: number) => {
    const element = box.current;
    if (!plot || !element) return;
    const time = plot.x.invert(clientX - element.getBoundingClientRect().left).getTime();
    const nearest = placed.reduce((best, point) =>
      Math.abs(point.x - time) < Math.abs(best.x - time) ? point : best,
    );
    read(nearest.index);
  };
  const last = points.length - 1;
  const current = at === null ? undefined : placed.find((point) => point.index === at);
  const spoken = points[at ?? last];

  return (
    <div
      ref={box}
      className="relative select-none touch-pan-y"
      style={{ height }}
      onPointerMove={(event) => {
        readAt(event.clientX);
      }}
      onPointerDown={(event) => {
        readAt(event.clientX);
      }}
      onPointerLeave={() => {
        read(null);
      }}
    >
      <input
        type="range"
        className="peer sr"
        aria-label={label}
        aria-describedby={helpId}
        min={0}
        max={Math.max(last, 0)}
        value={at ?? last}
        aria-valuetext={spoken ? speak(spoken) : "no data"}
        onChange={(event) => {
          read(Number(event.target.value));
        }}
        onBlur={() => {
          read(null);
        }}
      />
      <p id={helpId} className="sr">
        Arrow keys move through the dates. “Show as table” lists the same values.
      </p>
      <div className="pointer-events-none absolute -inset-2 rounded-md peer-focus-visible:outline-2 peer-focus-visible:outline-(--focus)" />
      {plot && (
        <svg width={width} height={height} aria-hidden="true" className="absolute inset-0">
          <Grid plot={plot} width={width} height={height} tick={tick} />
          <AreaClosed
            data={[...drawn]}
            x={(point) => plot.x(point.x)}
            y={(point) => plot.y(point.y)}
            y0={() => plot.y(plot.floor)}
            yScale={plot.y}
            curve={curveLinear}
            fill={color}
            fillOpacity={0.12}
          />
          {plot.hasSecond && (
            <LinePath
              data={drawn.filter((point) => point.second !== null)}
              x={(point) => plot.x(point.x)}
              y={(point) => plot.y(point.second ?? 0)}
              curve={props.secondStep ? curveStepAfter : curveLinear}
              stroke="var(--ink-2)"
              strokeWidth={1.25}
              strokeDasharray="4 3"
              fill="none"
            />
          )}
          <LinePath
            data={[...drawn]}
            x={(point) => plot.x(point.x)}
            y={(point) => plot.y(point.y)}
            stroke={color}
            strokeWidth={2}
            strokeLinejoin="round"
            fill="none"
          />
          {current && (
            <g transform={`translate(${String(plot.x(current.x))},0)`}>
              <line
                y1={MARGIN.top}
                y2={height - MARGIN.bottom}
                stroke="var(--ink)"
                strokeOpacity={0.55}
              />
              <circle
                cy={plot.y(current.y)}
                r={4.5}
                fill="var(--sheet)"
                stroke={color}
                strokeWidth={2.5}
              />
            </g>
          )}
        </svg>
      )}
    </div>
  );
}

function place(points: readonly TimePoint[]): Placed[] {
  return points.flatMap((point, index) =>
    point.value === null
      ? []
      : [
          {
            x: Date.parse(point.date),
            y: point.value,
            second: point.second ?? null,
            index,
          },
        ],
  );
}

type Plot = ReturnType<typeof scales>;

function scales(points: readonly Placed[], width: number, height: number, baseline: string) {
  const values = points.flatMap((point) =>
    point.second === null ? [point.y] : [point.y, point.second],
  );
  let low = Math.min(...values);
  let high = Math.max(...values);
  if (baseline === "zero") high = Math.max(high, 0);
  const pad = (high - low || Math.abs(high) * 0.02 || 1) * 0.08;
  low -= pad;
  if (baseline !== "zero") high += pad;
  const first = points[0] as Placed;
  const last = points[points.length - 1] as Placed;
  return {
    x: scaleUtc<number>({
      domain: [first.x, last.x],
      range: [MARGIN.left, width - MARGIN.right],
    }),
    y: scaleLinear<number>({
      domain: [low, high],
      range: [height - MARGIN.bottom, MARGIN.top],
      nice: 5,
    }),
    floor: baseline === "zero" ? 0 : low,
    hasSecond: points.some((point) => point.second !== null),
    span: last.x - first.x,
  };
}

function Grid({
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
