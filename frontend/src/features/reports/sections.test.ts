import { expect, test } from "vitest";
import { howOf, saidOf } from "./sections";

const conventions = { late_after_days: 45, rate_of: "the day cash moved" };
const slice = { is_everything: true, currencies: ["USD"] };
const ANSWER = {
  projection: { as_of: "2026-02-28", conventions, currency: "USD", slice, total: { net: "12" } },
  received: {
    as_of: "2026-02-28",
    conventions: { ...conventions, late_after_days: 30 },
    currency: "USD",
    from_date: "2025-03-01",
    payments: [{ net: "7" }],
    slice,
    total: { count: 2, fee: "0", gross: "8", net: "7" },
  },
};

test("several answers are parts in the order they are read, amounts before their number", () => {
  expect(saidOf(ANSWER)).toEqual([
    {
      place: "/received",
      figures: [
        ["/from_date", "2025-03-01"],
        ["/total/gross", "8"],
        ["/total/fee", "0"],
        ["/total/net", "7"],
        ["/total/count", "2"],
      ],
      lists: [["/payments", [{ net: "7" }]]],
    },
    { place: "/projection", figures: [["/total/net", "12"]], lists: [] },
  ]);
});

test("an answer that is one is one part", () => {
  const [part, ...others] = saidOf({ as_of: "2026-02-28", currency: "USD", gain: "3", items: [] });
  expect([part?.place, part?.figures, others]).toEqual(["", [["/gain", "3"]], []]);
});

test("how it was worked out is told once, and again where it differs", () => {
  expect(howOf(ANSWER).map(([place, value]) => `${place} ${value}`)).toEqual([
    "/rate_of the day cash moved",
    "/late_after_days 45",
    "/late_after_days 30",
  ]);
});
