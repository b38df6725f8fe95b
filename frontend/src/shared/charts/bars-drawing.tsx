import { fitted } from "./tile-drawing";

export type DrawnBar = {
  key: string;
  label: string;
  /** Where the bar begins and how long it is, in percent of the range; null: no bar. */
  bar: { start: number; width: number } | null;
  color: string;
  text: string;
  isStrong?: boolean;
};

type Props = { bars: readonly DrawnBar[] };

const NAMES = 230;
const RANGE = 340;
const WIDTH = 720;
const LINE = 28;

/** Rows of a name, a bar and a figure as one drawing, for a picture of such a table. */
export const BarsDrawing = ({ bars }: Props) => (
  <svg width={WIDTH} height={bars.length * LINE} fontSize="13" fill="var(--ink)" aria-hidden="true">
    {bars.map(({ key, label, bar, color, text, isStrong }, place) => {
      const y = place * LINE;
      return (
        <g key={key} fontWeight={isStrong ? "600" : "400"}>
          <line x1="0" x2={WIDTH} y1={y + LINE} y2={y + LINE} stroke="var(--rule)" />
          <text y={y + 19}>{fitted(label, NAMES)}</text>
          {bar && (
            <rect
              x={NAMES + (bar.start / 100) * RANGE}
              y={y + 6}
              width={Math.max((bar.width / 100) * RANGE, 1)}
              height={LINE - 12}
              rx="2"
              fill={color}
            />
          )}
          <text x={WIDTH} y={y + 19} textAnchor="end">
            {text}
          </text>
        </g>
      );
    })}
  </svg>
);
