import { Arc } from "@visx/shape";

export type Slice = { key: string; label: string; weight: number; color: string };

type Props = { slices: readonly Slice[]; active: string | null; size?: number };

const GAP = 0.012;

/**
 * Parts of a whole as a ring. It is a picture of the list beside it, which says the same in words and
 * can be walked with the keyboard; so nobody is told it twice.
 */
export function Ring({ slices, active, size = 240 }: Props) {
  const radius = size / 2;
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${String(size)} ${String(size)}`}
      className="w-full max-w-60 mx-auto"
    >
      <g transform={`translate(${String(radius)} ${String(radius)})`}>
        <Arcs slices={slices} active={active} radius={radius} />
      </g>
    </svg>
  );
}

type ArcsProps = { slices: readonly Slice[]; active: string | null; radius: number };

/** The slices around the origin; the one that is read stands out. */
export const Arcs = ({ slices, active, radius }: ArcsProps) =>
  turns(slices).map(({ slice, start, end }) => (
    <Arc
      key={slice.key}
      startAngle={start}
      endAngle={end}
      padAngle={slices.length > 1 ? GAP : 0}
      innerRadius={radius * 0.62}
      outerRadius={radius - (slice.key === active ? 0 : 5)}
      fill={slice.color}
      fillOpacity={active === null || slice.key === active ? 1 : 0.45}
    />
  ));

/** Where each slice begins and ends, in radians from the top. */
export function turns(slices: readonly Slice[]): { slice: Slice; start: number; end: number }[] {
  const whole = slices.reduce((sum, slice) => sum + slice.weight, 0);
  const found: { slice: Slice; start: number; end: number }[] = [];
  for (const slice of slices) {
    const start = found.at(-1)?.end ?? 0;
    found.push({ slice, start, end: start + (whole > 0 ? slice.weight / whole : 0) * 2 * Math.PI });
  }
  return found;
}
