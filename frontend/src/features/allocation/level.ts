import type { PartHoldingOut, PartNodeOut, PartsOut } from "@/shared/api/gen/types.gen";
import { paletteColor } from "@/shared/charts/palette";

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

/** Whether a node is another one or stands below it. */
export const isWithin = (data: PartsOut, key: string, above: PartNodeOut | null): boolean =>
  above === null || pathTo(data, nodeOf(data, key)).some((node) => node.key === above.key);

/** What stands right below a node (null: the top), the largest first, the unknown last. */
export function levelOf(data: PartsOut, above: PartNodeOut | null): Part[] {
  const nodes = data.nodes.filter((node) => node.parent_key === (above?.key ?? null));
  const own = above ? data.holdings.filter((held) => held.node_key === above.key) : [];
  const parts = [
    ...nodes.map((node, index) => ofNode(node, colorOf(node, index))),
    ...own.map((held, index) => ofHolding(held, paletteColor(nodes.length + index))),
  ];
  return parts.sort(
    (one, two) => Number(two.value ?? -Infinity) - Number(one.value ?? -Infinity) || 0,
  );
}

const colorOf = (node: PartNodeOut, index: number): string =>
  CLASSES[node.key] ?? paletteColor(node.color_index ?? index);

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
