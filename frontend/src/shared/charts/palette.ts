const FIVE = ["var(--c1)", "var(--c2)", "var(--c3)", "var(--c4)", "var(--c5)"] as const;

/** Twelve colors that stay apart: the five of the theme, then their softer ones. */
export const COLOR_COUNT = 12;

/** A color by its place; after the last the first comes again. */
export function paletteColor(index: number): string {
  const place = index % COLOR_COUNT;
  const base = FIVE[place % FIVE.length] ?? FIVE[0];
  const round = Math.floor(place / FIVE.length);
  return round === 0
    ? base
    : `color-mix(in oklab, ${base} ${String(72 - 22 * round)}%, var(--ink-3))`;
}
