import { expect, test } from "vitest";
import { percentOf, ratioOf } from "./percent";

test("percents become ratios and come back exactly, however small or long", () => {
  const pairs = [
    ["12.5", "0.125"],
    ["100", "1"],
    ["-3", "-0.03"],
    ["0.000001", "0.00000001"],
    ["33.3333333333333333333333", "0.333333333333333333333333"],
  ] as const;
  for (const [percent, ratio] of pairs) {
    expect(ratioOf(percent)).toBe(ratio);
    expect(percentOf(ratio)).toBe(percent);
  }
});
