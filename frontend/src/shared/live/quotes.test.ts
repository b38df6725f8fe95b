import { describe, expect, test } from "vitest";
import type { QuoteOut } from "@/shared/api/gen/types.gen";
import { changeRatio } from "./change";
import { merged, pollAfter } from "./quotes";

const shown: QuoteOut = {
  instrument_id: "i",
  symbol: "IBM",
  price: "100",
  previous_close: "99",
  currency: "USD",
  as_of: "2026-03-05T16:00:00Z",
  received_at: "2026-03-05T16:00:01Z",
  price_date: null,
  source: "yahoo",
  delay_minutes: 15,
  session: "regular",
  is_stale: true,
  age_seconds: 5,
  reason: "nobody_answered",
};
const told = { ...shown, price: "101", as_of: "2026-03-05T16:00:30Z" };

describe("a told quote", () => {
  test("takes the place of what is shown, and is fresh", () => {
    expect(merged(shown, told)).toMatchObject({ price: "101", is_stale: false, reason: null });
  });

  test("never takes the place of one that was traded later", () => {
    expect(merged(told, shown)).toBe(told);
  });

  test("waits for the first answer, which holds it", () => {
    expect(merged(undefined, told)).toBeUndefined();
  });
});

describe("where nothing is told", () => {
  const state = { rung: "polling", isOpen: false, notice: null } as const;

  test("it is asked for every quarter of a minute while there is trading, else seldom", () => {
    expect(pollAfter(state, shown, 0.5)).toBe(15_000);
    expect(pollAfter(state, { ...shown, session: "closed" }, 0.5)).toBe(300_000);
    expect(pollAfter({ ...state, isOpen: true }, shown, 0.5)).toBe(false);
  });

  test("tabs do not meet", () => {
    expect(pollAfter(state, shown, 0)).toBe(13_500);
    expect(pollAfter(state, shown, 1)).toBeCloseTo(16_500);
  });
});

test("a change is exact, and unknown without a close", () => {
  expect(changeRatio("101", "100")).toBe("0.010000");
  expect(changeRatio("0.3", "0.1")).toBe("2.000000");
  expect(changeRatio("1", "0")).toBeNull();
  expect(changeRatio(null, "1")).toBeNull();
});
