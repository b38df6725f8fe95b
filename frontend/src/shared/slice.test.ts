import { expect, test } from "vitest";
import { isNarrowed, isSliced, sliceOf, sliceQuery, sliceText, type SliceText } from "./slice";

const TECH = "0190a000-0000-7000-8000-0000000000c1";
const SECTORS = "0190a000-0000-7000-8000-0000000000c0";

test.each<[SliceText, boolean, boolean]>([
  [{}, false, false],
  [{ base: "euros" }, false, false],
  [{ classes: "bond" }, true, true],
  [{ currencies: "USD,EUR" }, true, true],
  [{ categories: `none:${SECTORS}` }, true, true],
  [{ categories: "technology" }, false, false],
  [{ groups: "Ours" }, false, true],
  [{ tags: "old" }, false, true],
  [{ base: "EUR" }, false, true],
])("%o is a part of what is held: %s; less than everything: %s", (text, sliced, narrowed) => {
  expect(isSliced(sliceOf(text))).toBe(sliced);
  expect(isNarrowed(sliceOf(text))).toBe(narrowed);
});

test("categories and what is in none of them are asked by their own names", () => {
  const slice = sliceOf({ categories: `${TECH},none:${SECTORS},nonsense` });
  expect(sliceQuery(undefined, slice)).toEqual({ category_id: [TECH], unclassified_in: [SECTORS] });
  expect(sliceText(slice).categories).toBe(`${TECH},none:${SECTORS}`);
});
