import { Link } from "@tanstack/react-router";
import type { RefObject } from "react";
import { TileDrawing, type DrawnTile } from "@/shared/charts/tile-drawing";
import { tiles } from "@/shared/charts/tiles";
import { useWidth } from "@/shared/charts/use-width";
import { percent } from "@/shared/format/format";
import { useScopeSearch } from "@/shared/ui/known";
import type { Part } from "./level";

const HEIGHT = 320;
const USUAL = 720;

type Props = {
  parts: readonly Part[];
  label: string;
  /** Where the same stands as one drawing, for a picture of it. */
  picture: RefObject<HTMLDivElement | null>;
  onOpen: (key: string) => void;
};

/** Areas in proportion to values; each can be opened. */
export function Treemap({ parts, label, picture, onOpen }: Props) {
  const [box, width] = useWidth<HTMLUListElement>();
  const placed = tiles(
    parts.map((part) => Number(part.value)),
    (width || USUAL) / HEIGHT,
  );
  return (
    <>
      <div ref={picture} hidden>
        <TileDrawing items={parts.map(drawnTile)} width={width || USUAL} height={HEIGHT} />
      </div>
      <ul ref={box} className="relative" style={{ height: HEIGHT }} aria-label={label}>
        {placed.map((tile) => {
          const part = parts[tile.index];
          if (!part) return null;
          return (
            <li
              key={part.key}
              className="absolute p-px"
              style={{
                left: `${String(tile.left)}%`,
                top: `${String(tile.top)}%`,
                width: `${String(tile.width)}%`,
                height: `${String(tile.height)}%`,
              }}
            >
              <Tile part={part} onOpen={onOpen} />
            </li>
          );
        })}
      </ul>
    </>
  );
}

const drawnTile = (part: Part): DrawnTile => ({
  key: part.key,
  label: part.label,
  share: part.weight === null ? "" : percent(part.weight, 1),
  value: Number(part.value),
  color: part.color,
});

function Tile({ part, onOpen }: { part: Part; onOpen: (key: string) => void }) {
  const search = useScopeSearch();
  const look = {
    className: "tile text-left w-full !flex flex-col items-start justify-start",
    style: {
      position: "relative" as const,
      height: "100%",
      borderTop: `3px solid ${part.color}`,
      background: `color-mix(in oklab, ${part.color} var(--tint), var(--paper))`,
    },
  };
  const body = (
    <>
      <b>{part.label}</b>
      <span className="d1 num">{part.weight === null ? "" : percent(part.weight, 1)}</span>
    </>
  );
  if (part.node) {
    const { key } = part.node;
    return (
      <button
        type="button"
        {...look}
        className={`${look.className} cursor-pointer`}
        onClick={() => {
          onOpen(key);
        }}
      >
        {body}
      </button>
    );
  }
  return part.holding?.instrument_id ? (
    <Link
      to="/holdings/$instrumentId"
      params={{ instrumentId: part.holding.instrument_id }}
      search={search}
      {...look}
    >
      {body}
    </Link>
  ) : (
    <div {...look}>{body}</div>
  );
}
