import { scaleLinear } from "@visx/scale";
import type { RiskOut } from "@/shared/api/gen/types.gen";
import { anchorAt } from "@/shared/charts/anchor";
import { ReadingSlider } from "@/shared/charts/reading-slider";
import { useWidth } from "@/shared/charts/use-width";
import { counted, percent } from "@/shared/format/format";

export const HISTOGRAM_HEIGHT = 288;
const MARGIN = { top: 44, bottom: 26, side: 4 };

type Props = {
  risk: RiskOut;
  /** The bar that is read, by pointer or by arrow keys. */
  at: number | null;
  onRead: (place: number | null) => void;
  onPress: (place: number) => void;
};

/** How often returns lay where, and where the bad days begin; Enter opens the bar that is read. */
export function Histogram({ risk, at, onRead, onPress }: Props) {
  const most = mostOften(risk);
  return (
    <div
      className="relative"
      onPointerLeave={() => {
        onRead(null);
      }}
    >
      <ReadingSlider
        label="Inspect the returns counted"
        help="Arrow keys move through the bars, Enter lists the days of one. “Show as table” lists the same values."
        count={risk.histogram.length}
        at={at ?? most}
        spoken={barText(risk, at ?? most)}
        onMove={onRead}
        onFocus={() => {
          onRead(at ?? most);
        }}
        onEnter={() => {
          onPress(at ?? most);
        }}
        onLeave={() => {
          onRead(null);
        }}
      />
      <Drawing {...{ risk, at, onRead, onPress }} />
    </div>
  );
}

function mostOften({ histogram }: RiskOut): number {
  const counts = histogram.map(({ count }) => count);
  return Math.max(counts.indexOf(Math.max(...counts)), 0);
}

/** What a bar says. */
export function barText({ histogram }: RiskOut, place: number): string | undefined {
  const bin = histogram[place];
  return (
    bin &&
    `${counted(bin.count, "day")} from ${percent(bin.from_ratio, 2, true)} to ${percent(bin.to_ratio, 2, true)}`
  );
}

function Drawing({ risk, at, onRead, onPress }: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const bins = risk.histogram;
  const low = Number(bins[0]?.from_ratio ?? 0);
  const high = Number(bins.at(-1)?.to_ratio ?? 0);
  const x = scaleLinear<number>({
    domain: [low, high],
    range: [MARGIN.side, Math.max(width - MARGIN.side, MARGIN.side + 1)],
  });
  const y = scaleLinear<number>({
    domain: [0, Math.max(1, ...bins.map(({ count }) => count))],
    range: [HISTOGRAM_HEIGHT - MARGIN.bottom, MARGIN.top],
  });
  const { value_at_risk: limit, expected_shortfall: beyond } = risk.past_tail;
  return (
    <div ref={box} style={{ height: HISTOGRAM_HEIGHT }} role="img" aria-label={spoken(risk)}>
      {width > 0 && (
        <svg
          width={width}
          height={HISTOGRAM_HEIGHT}
          viewBox={`0 0 ${String(width)} ${String(HISTOGRAM_HEIGHT)}`}
          aria-hidden="true"
          className="max-w-full"
        >
          {bins.map((bin, place) => {
            const [from, to] = [x(Number(bin.from_ratio)), x(Number(bin.to_ratio))];
            const isTail = limit !== null && Number(bin.to_ratio) <= Number(limit);
            return (
              <rect
                key={bin.from_ratio}
                x={from + 0.5}
                width={Math.max(to - from - 1, 1)}
                y={y(bin.count)}
                height={Math.max(y(0) - y(bin.count), 0)}
                fill={isTail ? "var(--loss)" : "var(--blue)"}
                fillOpacity={isTail ? 0.85 : 0.55}
                stroke={place === at ? "var(--ink)" : undefined}
                strokeWidth={2}
              />
            );
          })}
          <line x1={0} x2={width} y1={y(0)} y2={y(0)} stroke="var(--rule-strong)" />
          {x.ticks(width < 560 ? 4 : 8).map((value) => (
            <text
              key={value}
              className="num"
              x={x(value)}
              y={HISTOGRAM_HEIGHT - 8}
              textAnchor={anchorAt(x(value), width)}
              fontSize="12"
              fill="var(--ink-2)"
            >
              {percent(value.toFixed(4), 1)}
            </text>
          ))}
          <Limit at={limit} x={x} row={0} width={width} name="Value at risk" />
          <Limit at={beyond} x={x} row={1} width={width} name="Expected shortfall" />
          {bins.map((bin, place) => (
            // as tall as the drawing: a bar of one day is a line
            <rect
              key={bin.from_ratio}
              x={x(Number(bin.from_ratio))}
              width={Math.max(x(Number(bin.to_ratio)) - x(Number(bin.from_ratio)), 1)}
              y={0}
              height={HISTOGRAM_HEIGHT - MARGIN.bottom}
              fill="transparent"
              className="cursor-pointer"
              data-bar={place + 1}
              onPointerEnter={() => {
                onRead(place);
              }}
              onClick={() => {
                onPress(place);
              }}
            />
          ))}
        </svg>
      )}
    </div>
  );
}

type LimitProps = {
  at: string | null;
  x: (value: number) => number;
  row: 0 | 1;
  width: number;
  name: string;
};

function Limit({ at, x, row, width, name }: LimitProps) {
  if (at === null) return null;
  const place = x(Number(at));
  // the mean beyond lies left of the limit: there its name meets no other line, if it fits
  const isRight = row === 0 ? place < width / 2 : place < 170;
  return (
    <g>
      <line
        x1={place}
        x2={place}
        y1={row * 17 + 6}
        y2={HISTOGRAM_HEIGHT - MARGIN.bottom}
        stroke="var(--loss)"
        strokeWidth={1.5}
        strokeDasharray={row ? "4 3" : undefined}
      />
      <text
        x={place + (isRight ? 6 : -6)}
        y={row * 17 + 14}
        textAnchor={isRight ? "start" : "end"}
        fontSize="12"
        fill="var(--ink)"
        stroke="var(--paper)"
        strokeWidth={4}
        paintOrder="stroke"
      >
        {name} {percent(at, 2)}
      </text>
    </g>
  );
}

function spoken(risk: RiskOut): string {
  const { histogram, past_tail: tail } = risk;
  const most = histogram[mostOften(risk)] ?? { from_ratio: "0", to_ratio: "0" };
  const limit = tail.value_at_risk ? ` Value at risk ${percent(tail.value_at_risk)}.` : "";
  return `Histogram of ${String(tail.return_count)} returns; most often from ${percent(
    most.from_ratio,
  )} to ${percent(most.to_ratio)}.${limit}`;
}
