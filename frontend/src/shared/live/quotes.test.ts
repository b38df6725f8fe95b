import { describe, expect, test } from "vitest";
import type { QuoteOut } from "@/shared/api/gen/types.gen";
import { QUOTE } from "@/shared/testing/quote-samples";
import { changeRatio } from "./change";
import { merged, pollAfter } from "./quotes";

const shown: QuoteOut = {
  ...QUOTE,
  price: "100",
  previous_close: "99",
  is_stale: true,
  reason: "nobody_answered",
};
const told = {
  ...shown,
  price: "101",
  as_of: "2026-03-05T16:00:30Z",
  fresh_until: "2026-03-05T16:01:00Z",
};
const NOW = Date.parse("2026-03-05T16:00:40Z");

describe("a told quote", () => {
  test("takes the place of what is shown, and is fresh", () => {
    expect(merged(shown, told)).toMatchObject({ price: "101", is_stale: false, reason: null });
  });

  test("says nothing of the session where a stored close stood: that one was over", () => {
    const close: QuoteOut = { ...shown, price_date: "2026-03-04", as_of: null, session: "closed" };
    expect(merged(close, told)).toMatchObject({ session: "unknown", price_date: null });
    expect(merged({ ...shown, session: "closed" }, told)).toMatchObject({ session: "closed" });
  });

  test("never takes the place of one that was traded later", () => {
    const older = { ...told, as_of: "2026-03-05T15:00:00Z" };
    expect(merged(shown, older)).toBe(shown);
  });

  test("an answer that knows the same trade says whether it is still the last", () => {
    const closed: QuoteOut = { ...told, session: "closed", is_stale: true };
    expect(merged(closed, told)).toMatchObject({ session: "closed", is_stale: true });
  });
});

describe("asking again", () => {
  test("where nothing is told: every quarter of a minute while there is trading, else seldom", () => {
    expect(pollAfter(false, shown, 0.5, NOW)).toBe(15_000);
    expect(pollAfter(false, { ...shown, session: "closed" }, 0.5, NOW)).toBe(300_000);
  });

  test("where it is told: once what was told is fresh no more, and seldom else", () => {
    expect(pollAfter(true, { ...shown, ...told }, 0.5, NOW)).toBe(40_000);
    expect(pollAfter(true, { ...shown, ...told }, 0.5, NOW + 3_600_000)).toBe(300_000);
    expect(pollAfter(true, shown, 0.5, NOW)).toBe(300_000);
  });

  test("tabs do not meet", () => {
    expect(pollAfter(false, shown, 0, NOW)).toBe(13_500);
    expect(pollAfter(false, shown, 1, NOW)).toBeCloseTo(16_500);
  });
});

test("a change is exact, and unknown without a close", () => {
  expect(changeRatio("101", "100")).toBe("0.010000");
  expect(changeRatio("0.3", "0.1")).toBe("2.000000");
  expect(changeRatio("1", "0")).toBeNull();
  expect(changeRatio(null, "1")).toBeNull();
});
