import { expect, test } from "vitest";
import { isAmount, leaves } from "./figures";
import { placeText } from "./places";
import { parametersText } from "./words";

const [ID, OTHER] = [
  "01a22ab7-20aa-70a0-91e7-b48150e3c097",
  "01a22ab7-20aa-70a0-91e7-b48150e3c098",
] as const;

test("an answer's single figures are told, its lists by their length", () => {
  expect(leaves({ a: null, b: { c: true }, d: [], e: [1], f: "x" })).toEqual([
    ["/b/c", "yes"],
    ["/e", "1 line"],
    ["/f", "x"],
  ]);
  expect(placeText("/time_weighted/0/a~1b")).toBe("time-weighted return › 1 › a/b");
  expect(placeText("/money_weighted/ratio")).toBe("money-weighted return");
});

test("a report of a part says of which", () => {
  const narrowed = {
    kind: "risk",
    account_id: ID,
    account_ids: [],
    account_groups: ["Family"],
    account_tags: ["long_term", "us"],
    instrument_ids: [ID, OTHER],
    asset_classes: ["equity", "fund"],
    currencies: ["USD"],
    category_ids: [ID, OTHER],
    unclassified_in: [ID],
    base_currency: "EUR",
    benchmark_id: ID,
    window: 252,
    max_points: 1000,
  };
  expect(parametersText(narrowed)).toBe(
    "one account · account group Family · account tags long_term, us · 2 instruments · " +
      "asset classes equity, fund · currency USD · 2 categories · what is not classified · " +
      "base currency EUR · against a benchmark · window 252",
  );
});

test("several accounts are counted once, a benchmark says what of it counts", () => {
  const told = parametersText({
    account_id: ID,
    account_ids: [ID, OTHER],
    benchmark: ID,
    benchmark_basis: "price",
  });
  expect(told).toBe("2 accounts · against a benchmark, price alone");
});

test("of the whole nothing is said, nor a basis without a benchmark", () => {
  const whole = { account_id: null, currencies: [], benchmark: null, benchmark_basis: "total" };
  expect(parametersText(whole)).toBe("");
});

test("yields of Treasury bills are not told as the rate that was not used", () => {
  const given = { risk_free_ratio: "0.02", risk_free_source: "given" };
  expect(parametersText(given)).toBe("risk-free rate 2.00%");
  expect(parametersText({ ...given, risk_free_source: "treasury_bill" })).toBe(
    "risk-free rate of Treasury bills",
  );
});

test("figures of fewer returns than usual say so", () => {
  expect(parametersText({ allow_few: false })).toBe("");
  expect(parametersText({ allow_few: true })).toBe("fewer returns allowed");
});

test("amounts are told from shares, counts, versions and words", () => {
  expect(isAmount("/closing_nav", "-12.5")).toBe(true);
  expect(isAmount("/cash/0/amount", "3")).toBe(true);
  expect(isAmount("/items/0", '{"nav":"3"}')).toBe(true);
  for (const place of ["/weight_ratio", "/time_weighted/ratio", "/calculation_version"]) {
    expect(isAmount(place, "2026.2")).toBe(false);
  }
  expect(isAmount("/items/0/quantity", "12")).toBe(false);
  expect(isAmount("/valued_count", "3")).toBe(false);
  expect(isAmount("/as_of", "2026-02-28")).toBe(false);
});

test("what attribution was compared with is told by its size", () => {
  const asked = { kind: "attribution", by: "asset_class", blend: ["equity:x:0.6", "bond:y:0.4"] };
  expect(parametersText(asked)).toBe("against a blend of 2 instruments · by asset class");
  expect(parametersText({ ...asked, blend: [] })).toBe("by asset class");
});
