import { useMemo, useState } from "react";
import { extremes } from "./extremes";
import { ReadingSlider } from "./reading-slider";
import {
  Crosshair,
  End,
  Grid,
  Lines,
  place,
  scales,
  type Baseline,
  type Plot,
  type TimePoint,
} from "./time-plot";
import { useWidth } from "./use-width";

type Props = {
  points: readonly TimePoint[];
  height: number;
  color: string;
  label: string;
  /** Fill to zero (drawdown, return) or to the bottom of the plot. */
  baseline?: Baseline;
  secondStep?: boolean;
  tick: (value: number) => string;
  /** What a screen reader says of one point. */
  speak: (point: TimePoint) => string;
  onRead: (point: TimePoint | null) => void;
  /** A point that was chosen stays read when the pointer or the focus leaves. */
  keeps?: boolean;
};

/** Line over time: slider for keyboard and screen reader, readout outside, gaps stay gaps. */
export function TimeChart(props: Props) {
  const { points, height, color, baseline = "bottom", tick } = props;
  const [box, width] = useWidth<HTMLDivElement>();
  const { at, read, keep, leave } = useReading(props);
  const placed = useMemo(() => place(points), [points]);
  const drawn = useMemo(
    // two a pixel: what is highest and what is lowest
    () => extremes(placed, 2 * Math.max(200, width || 800)),
    [placed, width],
  );
  const plot = useMemo(
    () => (width > 0 && drawn.length > 1 ? scales(drawn, width, height, baseline) : null),
    [drawn, width, height, baseline],
  );
  const readAt = ({ clientX }: { clientX: number }, take: (index: number) => void) => {
    const element = box.current;
    if (plot && element) {
      take(nearest(points, plot, clientX - element.getBoundingClientRect().left));
    }
  };
  const spoken = points[at ?? points.length - 1];
  const current = at === null ? undefined : points[at];
  return (
    <div
      ref={box}
      className="relative select-none touch-pan-y"
      style={{ height }}
      onPointerMove={(event) => {
        readAt(event, read);
      }}
      onPointerDown={(event) => {
        readAt(event, keep);
      }}
      onPointerLeave={leave}
    >
      <ReadingSlider
        label={props.label}
        help="Arrow keys move through the dates. “Show as table” lists the same values."
        count={points.length}
        at={at ?? points.length - 1}
        spoken={spoken && props.speak(spoken)}
        onMove={keep}
        onLeave={leave}
      />
      {plot && (
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${String(width)} ${String(height)}`}
          aria-hidden="true"
          className="absolute inset-0 max-w-full"
        >
          <Grid plot={plot} width={width} height={height} tick={tick} />
          <Lines
            plot={plot}
            points={drawn}
            color={color}
            isSecondStep={props.secondStep ?? false}
          />
          {current ? (
            <Crosshair
              plot={plot}
              x={Date.parse(current.date)}
              y={current.value}
              color={color}
              height={height}
            />
          ) : (
            <End plot={plot} point={placed.at(-1)} color={color} />
          )}
        </svg>
      )}
    </div>
  );
}

/** Which point is read: the one under the pointer, else the one that was kept, else none. */
function useReading({ points, onRead, keeps = false }: Props) {
  const [day, setDay] = useState<string | null>(null);
  const [kept, setKept] = useState<string | null>(null);
  const readDay = (date: string | null) => {
    setDay(date);
    onRead(points.find((point) => point.date === date) ?? null);
  };
  const read = (index: number) => {
    readDay(points[index]?.date ?? null);
  };
  const at = day === null ? -1 : points.findIndex((point) => point.date === day);
  return {
    at: at < 0 ? null : at,
    read,
    keep: (index: number) => {
      if (keeps) setKept(points[index]?.date ?? null);
      read(index);
    },
    leave: () => {
      readDay(kept);
    },
  };
}

/** Which point the pointer is nearest to, of all there are, not only of those drawn. */
function nearest(points: readonly TimePoint[], plot: Plot, x: number): number {
  const time = plot.x.invert(x).getTime();
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  points.forEach(({ date }, index) => {
    const distance = Math.abs(Date.parse(date) - time);
    if (distance < least) [best, least] = [index, distance];
  });
  return best;
}
