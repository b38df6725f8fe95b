export type Tile = { index: number; left: number; top: number; width: number; height: number };

/** Rectangles in proportion to weights (> 0), split in halves along the longer side; in percent. */
export function tiles(weights: readonly number[], ratio: number): Tile[] {
  const placed: Tile[] = [];
  const place = (from: number, to: number, box: Omit<Tile, "index">) => {
    if (to - from === 1) {
      placed.push({ index: from, ...box });
      return;
    }
    const total = sum(weights, from, to);
    let cut = from + 1;
    while (cut < to - 1 && sum(weights, from, cut) < total / 2) cut += 1;
    const share = total > 0 ? sum(weights, from, cut) / total : 0.5;
    if (box.width * ratio >= box.height) {
      const width = box.width * share;
      place(from, cut, { ...box, width });
      place(cut, to, { ...box, left: box.left + width, width: box.width - width });
    } else {
      const height = box.height * share;
      place(from, cut, { ...box, height });
      place(cut, to, { ...box, top: box.top + height, height: box.height - height });
    }
  };
  if (weights.length > 0) place(0, weights.length, { left: 0, top: 0, width: 100, height: 100 });
  return placed;
}

const sum = (weights: readonly number[], from: number, to: number): number => {
  let total = 0;
  for (let index = from; index < to; index += 1) total += weights[index] ?? 0;
  return total;
};
