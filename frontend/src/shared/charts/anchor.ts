const LABEL_HALF = 24;

/** A label at the edge stays within it: cut off there it would lose its sign. */
export function anchorAt(place: number, width: number): "start" | "middle" | "end" {
  if (place < LABEL_HALF) return "start";
  return place > width - LABEL_HALF ? "end" : "middle";
}
