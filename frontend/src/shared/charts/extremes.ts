export type Point = { x: number; y: number };

/**
 * Fewer points: both ends, and the highest and the lowest of each stretch, so that nothing drawn
 * is higher or lower than what was. Source: M4, Jugel et al., VLDB 2014.
 */
export function extremes<T extends Point>(points: readonly T[], wanted: number): readonly T[] {
  const count = points.length;
  const stretches = Math.floor((wanted - 2) / 2);
  if (count <= wanted || stretches < 1) return points;
  const edge = (stretch: number) => 1 + Math.floor((stretch * (count - 2)) / stretches);
  const kept: T[] = [points[0] as T];
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const inside = points.slice(edge(stretch), edge(stretch + 1));
    const lowest = inside.reduce((best, point) => (point.y < best.y ? point : best));
    const highest = inside.reduce((best, point) => (point.y > best.y ? point : best));
    kept.push(...(lowest.x < highest.x ? [lowest, highest] : [highest, lowest]));
  }
  kept.push(points[count - 1] as T);
  return kept.filter((point, index) => point !== kept[index - 1]);
}

/** How many points to ask for: one a pixel of the window, in steps, so that answers are shared. */
export const pointsToDraw = () => Math.min(2000, Math.max(400, Math.ceil(innerWidth / 400) * 400));
