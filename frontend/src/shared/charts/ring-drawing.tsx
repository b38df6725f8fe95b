import { Arcs, type Slice } from "./ring";
import { fitted } from "./tile-drawing";

export type DrawnSlice = Slice & { share: string };

const RING = 240;
const WIDTH = 640;
const LIST = { left: RING + 32, line: 24, key: 12, name: 22, share: 64 };

/** The ring with the names and shares beside it as one drawing, for a picture of both. */
export function RingDrawing({ slices }: { slices: readonly DrawnSlice[] }) {
  const tall = slices.length * LIST.line;
  const height = Math.max(RING, tall);
  const top = (height - tall) / 2;
  const radius = RING / 2;
  return (
    <svg width={WIDTH} height={height} aria-hidden="true">
      <g transform={`translate(${String(radius)} ${String(radius)})`}>
        <Arcs slices={slices} active={null} radius={radius} />
      </g>
      {slices.map(({ key, label, share, color }, place) => {
        const y = top + place * LIST.line;
        return (
          <g key={key} fontSize="13" fill="var(--ink)">
            <rect x={LIST.left} y={y + 6} width={LIST.key} height={LIST.key} rx="2" fill={color} />
            <text x={LIST.left + LIST.name} y={y + 17}>
              {fitted(label, WIDTH - LIST.left - LIST.name - LIST.share)}
            </text>
            <text x={WIDTH} y={y + 17} textAnchor="end">
              {share}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
