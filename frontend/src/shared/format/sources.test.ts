import { expect, test } from "vitest";
import { chosenOf, moved, sourceInText, sourceName } from "./sources";

const DECLARED = ["csv", "tiingo", "yahoo", "bundled"];

test("an entry moves one place, and not beyond the ends", () => {
  expect(moved(DECLARED, 2, -1)).toEqual(["csv", "yahoo", "tiingo", "bundled"]);
  expect(moved(DECLARED, 0, 1)).toEqual(["tiingo", "csv", "yahoo", "bundled"]);
  expect(moved(DECLARED, 0, -1)).toEqual(DECLARED);
  expect(moved(DECLARED, 3, 1)).toEqual(DECLARED);
});

test("only what has to be said is said", () => {
  expect(chosenOf(DECLARED, DECLARED)).toEqual([]);
  expect(chosenOf(["yahoo", "csv", "tiingo", "bundled"], DECLARED)).toEqual(["yahoo"]);
  expect(chosenOf(["csv", "yahoo", "tiingo", "bundled"], DECLARED)).toEqual(["csv", "yahoo"]);
  expect(chosenOf(DECLARED.toReversed(), DECLARED)).toEqual(["bundled", "yahoo", "tiingo"]);
});

test("a source has the name people know", () => {
  expect(sourceName("alpha_vantage")).toBe("Alpha Vantage");
  expect(["bundled", "ecb", "own"].map(sourceInText)).toEqual([
    "bundled data",
    "European Central Bank",
    "own",
  ]);
});
