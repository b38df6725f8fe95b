import type { PartHoldingOut, PartNodeOut, PartsOut } from "@/shared/api/gen/types.gen";
import { COLOR_COUNT, paletteColor } from "@/shared/charts/palette";

/** One entry of a level: a node below, or a holding that belongs to the level itself. */
export type Part = {
  key: string;
  label: string;
  name: string;
  value: string | null;
  weight: string | null;
  negative: string;
  color: string;
  holdingCount: number;
  unknownCount: number;
  node: PartNodeOut | null;
  holding: PartHoldingOut | null;
};

const CLASSES: Readonly<Record<string, string>> = {
  equity: "var(--c1)",
  fund: "var(--c2)",
  bond: "var(--c5)",
  crypto: "var(--c4)",
  option: "var(--c4)",
  cash: "var(--c3)",
  uncategorized: "var(--rule-strong)",
};

export const nodeOf = (data: PartsOut, key: string | undefined): PartNodeOut | null =>
  data.nodes.find((node) => node.key === key) ?? null;

/** From the top down to a node, the node included. */
export function pathTo(data: PartsOut, node: PartNodeOut | null): PartNodeOut[] {
  const path: PartNodeOut[] = [];
  let place = node;
  while (place) {
    path.unshift(place);
    place = nodeOf(data, place.parent_key ?? undefined);
  }
  return path;
}

/** What stands right below a node (null: the top), the largest first, the unknown last. */
export function levelOf(data: PartsOut, above: PartNodeOut | null): Part[] {
  const nodes = data.nodes.filter((node) => node.parent_key === (above?.key ?? null));
  const own = above ? data.holdings.filter((held) => held.node_key === above.key) : [];
  // a class keeps its color where it is not held, too
  const classes = data.by === "asset_class" && above === null ? Object.values(CLASSES) : [];
  const next = freeColors([...classes, ...nodes.flatMap((node) => ownColor(node) ?? [])]);
  const parts = [
    ...nodes.map((node) => ofNode(node, ownColor(node) ?? next())),
    ...own.map((held) => ofHolding(held, next())),
  ];
  return parts.sort(
    (one, two) => Number(two.value ?? -Infinity) - Number(one.value ?? -Infinity) || 0,
  );
}

/** The color of a known class or of a category; the others have none of their own. */
const ownColor = (node: PartNodeOut): string | undefined =>
  CLASSES[node.key] ?? (node.color_index === null ? undefined : paletteColor(node.color_index));

/** One color of the palette after the other, without those taken while there are others. */
function freeColors(taken: readonly string[]): () => string {
  const all = Array.from({ length: COLOR_COUNT }, (_, index) => paletteColor(index));
  const left = all.filter((color) => !taken.includes(color));
  const free = left.length > 0 ? left : all;
  let place = 0;
  return () => free[place++ % free.length] ?? paletteColor(0);
}

const ofNode = (node: PartNodeOut, color: string): Part => ({
  key: node.key,
  label: node.label,
  name: "",
  value: node.value,
  weight: node.weight_ratio,
  negative: node.negative_value,
  color,
  holdingCount: node.holding_count,
  unknownCount: node.unknown_count,
  node,
  holding: null,
});

const ofHolding = (held: PartHoldingOut, color: string): Part => ({
  key: `${held.node_key} ${held.account_id ?? ""} ${held.instrument_id ?? held.label}`,
  label: held.label,
  name: held.name,
  value: held.value,
  weight: held.weight_ratio,
  negative: held.value?.startsWith("-") ? held.value : "0",
  color,
  holdingCount: 1,
  unknownCount: held.value === null ? 1 : 0,
  node: null,
  holding: held,
});

/** What can be drawn: known, and more than nothing. */
export const isDrawn = (part: Part): boolean => part.value !== null && Number(part.value) > 0;
