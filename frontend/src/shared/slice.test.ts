import { expect, test } from "vitest";
import { isNarrowed, isSliced, sliceOf, type SliceText } from "./slice";

test.each<[SliceText, boolean, boolean]>([
  [{}, false, false],
  [{ base: "euros" }, false, false],
  [{ classes: "bond" }, true, true],
  [{ currencies: "USD,EUR" }, true, true],
  [{ groups: "Ours" }, false, true],
  [{ tags: "old" }, false, true],
  [{ base: "EUR" }, false, true],
])("%o is a part of what is held: %s; less than everything: %s", (text, sliced, narrowed) => {
  expect(isSliced(sliceOf(text))).toBe(sliced);
  expect(isNarrowed(sliceOf(text))).toBe(narrowed);
});
