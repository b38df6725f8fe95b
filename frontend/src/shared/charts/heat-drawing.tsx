export type HeatCell = { text: string; tint?: string | undefined };
export type HeatRow = { label: string; cells: readonly HeatCell[] };

type Props = { columns: readonly string[]; rows: readonly HeatRow[] };

const LETTER = 7;
const PAD = 8;
const LINE = 28;
const HEAD = 24;

const widest = (texts: readonly string[]): number =>
  Math.max(0, ...texts.map((text) => text.length)) * LETTER + 2 * PAD;

/** A table whose cells are tinted by what they say as one drawing, for a picture of it. */
export function HeatDrawing({ columns, rows }: Props) {
  const left = widest(rows.map(({ label }) => label));
  const wide = widest([...columns, ...rows.flatMap(({ cells }) => cells.map(({ text }) => text))]);
  const middle = (place: number) => left + (place + 0.5) * wide;
  return (
    <svg
      width={left + columns.length * wide}
      height={HEAD + rows.length * LINE}
      fontSize="12"
      fill="var(--ink)"
      aria-hidden="true"
    >
      {columns.map((name, place) => (
        <text key={place} x={middle(place)} y={HEAD - 8} textAnchor="middle" fill="var(--ink-2)">
          {name}
        </text>
      ))}
      {rows.map(({ label, cells }, row) => {
        const y = HEAD + row * LINE;
        return (
          <g key={row}>
            <text y={y + 18} fontWeight="600">
              {label}
            </text>
            {cells.map(({ text, tint }, place) => (
              <g key={place}>
                {tint && (
                  <rect
                    x={left + place * wide + 0.5}
                    y={y + 0.5}
                    width={wide - 1}
                    height={LINE - 1}
                    fill={tint}
                  />
                )}
                <text x={middle(place)} y={y + 18} textAnchor="middle">
                  {text}
                </text>
              </g>
            ))}
          </g>
        );
      })}
    </svg>
  );
}
