import { expect, test, vi } from "vitest";
import { extremes, pointsToDraw } from "./extremes";
import { paletteColor } from "./palette";
import { tiles } from "./tiles";
import { place, runsOf, verticalRange, type TimePoint } from "./time-plot";

test("fewer points keep both ends, and of each stretch the highest and the lowest", () => {
  const points = Array.from({ length: 101 }, (_, x) => ({ x, y: 1 }));
  Object.assign(points[50] ?? {}, { y: 100 });
  Object.assign(points[51] ?? {}, { y: -7 });
  const kept = extremes(points, 10);
  // four stretches: of three there is one height alone
  expect(kept.map((point) => [point.x, point.y])).toEqual([
    [0, 1],
    [1, 1],
    [25, 1],
    [50, 100],
    [51, -7],
    [75, 1],
    [100, 1],
  ]);
  expect(extremes(points, 101)).toBe(points);
});

test("as many points are asked for as the window is wide, in steps", () => {
  const asked = [390, 401, 1440, 5000].map((width) => {
    vi.stubGlobal("innerWidth", width);
    return pointsToDraw();
  });
  vi.unstubAllGlobals();
  expect(asked).toEqual([400, 800, 1600, 2000]);
});

test("tiles fill the box in proportion", () => {
  const placed = tiles([50, 30, 20], 2);
  const area = (index: number) => {
    const tile = placed.find((found) => found.index === index);
    return tile ? (tile.width * tile.height) / 100 : 0;
  };
  expect(area(0)).toBeCloseTo(50);
  expect(area(1)).toBeCloseTo(30);
  expect(area(2)).toBeCloseTo(20);
  expect(tiles([], 2)).toEqual([]);
});

test("an axis leaves room beyond the values, but none beyond a zero they never crossed", () => {
  // 8 % of the span of 100 on either side
  expect(verticalRange([300, 400], "bottom")).toEqual([292, 408]);
  expect(verticalRange([4, 104], "bottom")).toEqual([0, 112]);
  expect(verticalRange([-50, 50], "bottom")).toEqual([-58, 58]);
  expect(verticalRange([-25, -5], "zero")).toEqual([-27, 0]); // a fall, from its zero line down
  expect(verticalRange([0, 100], "zero")).toEqual([0, 108]);
  const [low, high] = verticalRange([500, 500], "bottom"); // one value all along is still a line
  expect(low).toBeLessThan(500);
  expect(high).toBeGreaterThan(500);
});

test("twelve colors stay apart, and go round after the last", () => {
  const colors = Array.from({ length: 48 }, (_, index) => paletteColor(index));
  expect(new Set(colors).size).toBe(12);
  expect(colors.slice(12, 24)).toEqual(colors.slice(0, 12));
  // CSS refuses a share below nothing, and the part has no color then
  expect(colors.filter((color) => / -\d/.test(color))).toEqual([]);
});

test("no line crosses days whose value is not known", () => {
  const values = [null, 1, 2, null, null, 3, null, 4, 5];
  const points = values.map((value, day): TimePoint => ({
    date: `2026-03-0${String(day + 1)}`,
    value,
  }));
  const placed = place(points);
  expect(runsOf(placed).map((run) => run.map(({ y }) => y))).toEqual([[1, 2], [3], [4, 5]]);
  // thinned, what is left of a run still does not meet another
  const thinned = placed.filter(({ y }) => y !== 2 && y !== 4);
  expect(runsOf(thinned).map((run) => run.map(({ y }) => y))).toEqual([[1], [3], [5]]);
});
