import type { RefObject } from "react";
import { TileMap, type MapTile } from "@/shared/charts/tile-map";
import { percent } from "@/shared/format/format";
import type { Part } from "./level";

type Props = {
  parts: readonly Part[];
  label: string;
  reason: string | undefined;
  picture: RefObject<HTMLDivElement | null>;
  onOpen: (key: string) => void;
};

/** The parts of a level as areas; each can be opened. */
export function Treemap({ parts, onOpen, ...map }: Props) {
  const tileOf = ({ key, label, weight, value, color, node, holding }: Part): MapTile => ({
    key,
    label,
    share: weight === null ? "" : percent(weight, 1),
    value: Number(value),
    color,
    instrumentId: holding?.instrument_id,
    onOpen: node
      ? () => {
          onOpen(node.key);
        }
      : undefined,
  });
  return <TileMap {...map} items={parts.map(tileOf)} height={320} usual={720} />;
}
