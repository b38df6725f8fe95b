import { Link } from "@tanstack/react-router";
import type { RefObject } from "react";
import { Unknown } from "../ui/figures";
import { useScopeSearch } from "../ui/known";
import { TileDrawing, type DrawnTile } from "./tile-drawing";
import { tiles } from "./tiles";
import { useWidth } from "./use-width";

export type MapTile = DrawnTile & {
  /** What a press leads to: what lies below, or the holding it is. */
  onOpen?: (() => void) | undefined;
  instrumentId?: string | null | undefined;
};

type Props = {
  items: readonly MapTile[];
  label: string;
  height: number;
  /** How wide it is taken to be until that is known. */
  usual: number;
  /** Why shares are not known, where they are not. */
  reason?: string | undefined;
  /** Where the same stands as one drawing, for a picture of it. */
  picture: RefObject<HTMLDivElement | null>;
};

/** Areas in proportion to values; a list, so that each can be read and pressed. */
export function TileMap({ items, label, height, usual, reason, picture }: Props) {
  const [box, measured] = useWidth<HTMLUListElement>();
  const width = measured || usual;
  const placed = tiles(
    items.map((item) => item.value),
    width / height,
  );
  return (
    <>
      <div ref={picture} hidden>
        <TileDrawing items={items} width={width} height={height} />
      </div>
      <ul ref={box} className="relative" style={{ height }} aria-label={label}>
        {placed.map((tile) => {
          const item = items[tile.index];
          if (!item) return null;
          return (
            <li
              key={item.key}
              className="absolute p-px"
              style={{
                left: `${String(tile.left)}%`,
                top: `${String(tile.top)}%`,
                width: `${String(tile.width)}%`,
                height: `${String(tile.height)}%`,
              }}
            >
              <Tile item={item} reason={reason} />
            </li>
          );
        })}
      </ul>
    </>
  );
}

function Tile({ item, reason }: { item: MapTile; reason: string | undefined }) {
  const search = useScopeSearch();
  const look = {
    className: "tile text-left w-full !flex flex-col items-start justify-start",
    style: {
      position: "relative" as const,
      height: "100%",
      borderTop: `3px solid ${item.color}`,
      background: `color-mix(in oklab, ${item.color} var(--tint), var(--paper))`,
    },
  };
  const body = (
    <>
      <b>{item.label}</b>
      <span className="d1 num">{item.share || <Unknown reason={reason} />}</span>
    </>
  );
  if (item.onOpen) {
    return (
      <button
        type="button"
        {...look}
        className={`${look.className} cursor-pointer`}
        onClick={item.onOpen}
      >
        {body}
      </button>
    );
  }
  return item.instrumentId ? (
    <Link
      to="/holdings/$instrumentId"
      params={{ instrumentId: item.instrumentId }}
      search={search}
      {...look}
    >
      {body}
    </Link>
  ) : (
    <div {...look}>{body}</div>
  );
}
