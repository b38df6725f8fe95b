import { tiles } from "./tiles";

export type DrawnTile = { key: string; label: string; share: string; value: number; color: string };

type Props = { items: readonly DrawnTile[]; width: number; height: number };

const PAD = 8;
const LETTER = 7.2;
const TALL = 22;

/** As much of a name as fits. */
export function fitted(text: string, width: number): string {
  const most = Math.floor((width - 2 * PAD) / LETTER);
  if (text.length <= most) return text;
  return most < 3 ? "" : `${text.slice(0, most - 1)}…`;
}

/** The map of tiles as one drawing, for a picture of it; the page shows it as a list one can press. */
export function TileDrawing({ items, width, height }: Props) {
  const placed = tiles(
    items.map((item) => item.value),
    width / height,
  );
  return (
    <svg width={width} height={height} aria-hidden="true">
      {placed.map((tile) => {
        const item = items[tile.index];
        if (!item) return null;
        const [x, y] = [(tile.left / 100) * width, (tile.top / 100) * height];
        const [wide, tall] = [(tile.width / 100) * width, (tile.height / 100) * height];
        const label = tall < TALL ? "" : fitted(item.label, wide);
        return (
          <g key={item.key}>
            <rect
              x={x + 1}
              y={y + 1}
              width={Math.max(wide - 2, 0)}
              height={Math.max(tall - 2, 0)}
              fill={item.color}
              fillOpacity={0.18}
            />
            <rect
              x={x + 1}
              y={y + 1}
              width={Math.max(wide - 2, 0)}
              height={Math.min(3, tall)}
              fill={item.color}
            />
            {label !== "" && (
              <text x={x + PAD} y={y + 20} fontSize="12.5" fontWeight="600" fill="var(--ink)">
                {label}
              </text>
            )}
            {label !== "" && tall >= 2 * TALL && (
              <text x={x + PAD} y={y + 37} fontSize="12" fill="var(--ink-2)">
                {fitted(item.share, wide)}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}
