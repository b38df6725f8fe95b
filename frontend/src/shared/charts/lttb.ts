export type Point = { x: number; y: number };

/**
 * Largest-triangle-three-buckets: fewer points, the same shape; first and last are kept.
 * Source: Steinarsson, Downsampling Time Series for Visual Representation (2013).
 */
export function lttb<T extends Point>(points: readonly T[], wanted: number): readonly T[] {
  const count = points.length;
  if (count <= wanted || wanted < 3) return points;
  const buckets = wanted - 2;
  const kept: T[] = [points[0] as T];
  const edge = (bucket: number) => 1 + Math.floor((bucket * (count - 2)) / buckets);
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const next = points.slice(edge(bucket + 1), Math.min(count, edge(bucket + 2)));
    const following = next.length > 0 ? next : points.slice(-1);
    const meanX = following.reduce((sum, point) => sum + point.x, 0) / following.length;
    const meanY = following.reduce((sum, point) => sum + point.y, 0) / following.length;
    const anchor = kept[kept.length - 1] as T;
    let best = points[edge(bucket)] as T;
    let bestArea = -1;
    for (const point of points.slice(edge(bucket), edge(bucket + 1))) {
      const area = Math.abs(
        (anchor.x - meanX) * (point.y - anchor.y) - (anchor.x - point.x) * (meanY - anchor.y),
      );
      if (area > bestArea) [best, bestArea] = [point, area];
    }
    kept.push(best);
  }
  kept.push(points[count - 1] as T);
  return kept;
}
