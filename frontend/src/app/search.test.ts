import { expect, test } from "vitest";
import { keptOn, keptReturns, periodStart, readSearch } from "./search";

const ID = "0190a000-0000-7000-8000-00000000000a";

test("the URL's filters are read, and only those", () => {
  expect(
    readSearch({
      period: "5Y",
      view: "pie",
      account: "x",
      kind: "buy",
      from: "2020-01-01",
      evil: 1,
    }),
  ).toEqual({ period: "5Y", kind: "buy", from: "2020-01-01" });
});

test("every filter there is survives the way through an address", () => {
  const search = {
    account: ID,
    period: "YTD",
    view: "drawdown",
    method: "mwr",
    kind: "cash_in_lieu",
    job: "parked",
    topic: "marketdata.span_due",
    batch: ID,
    instrument: ID,
    from: "2012-01-01",
    to: "2012-12-31",
    review: true,
    reversed: true,
    quantile: "hazen",
    tables: "return,drawdown",
    measure: "value_at_risk",
    payments: "all",
    added: "years",
  };
  expect(readSearch(search)).toEqual(search);
});

test.each([
  ["account", "../../etc/passwd"],
  ["account", ID.toUpperCase()],
  ["account", [ID]],
  ["instrument", `${ID}?x=1`],
  ["kind", "Robert'); DROP TABLE"],
  ["kind", ""],
  ["job", "given_up"],
  ["topic", "Prices"],
  ["topic", "marketdata."],
  ["batch", 7],
  ["from", "2020-1-1"],
  ["from", 20200101],
  ["to", "yesterday"],
  ["period", "2Y"],
  ["method", null],
  ["review", "true"],
  ["reversed", false],
  ["quantile", "guess"],
  ["tables", "return,<b>"],
  ["measure", "volatility"],
  ["payments", "coming"],
  ["added", "kinds"],
])("%s = %j is dropped, not passed on", (name, value) => {
  expect(readSearch({ [name]: value })).toEqual({});
});

test("an earlier meaning of a return can be named, the present one and others cannot", () => {
  expect(readSearch({ version: 2026.2 }).version).toBe("2026.2");
  expect(readSearch({ version: "2026.1" }).version).toBe("2026.1");
  expect(readSearch({ version: "2026.3" }).version).toBeUndefined();
});

test("periods begin where people expect", () => {
  expect(periodStart("YTD", "2013-03-01")).toBe("2012-12-31");
  expect(periodStart("1M", "2023-03-31")).toBe("2023-02-28");
  expect(periodStart("3M", "2024-05-31")).toBe("2024-02-29");
  expect(periodStart("1Y", "2024-02-29")).toBe("2023-02-28");
  expect(periodStart("5Y", "2013-03-01")).toBe("2008-03-01");
  expect(periodStart("Max", "2013-03-01")).toBeUndefined();
});

test("a part goes along to pages that can be of one, and no further", () => {
  const part = { classes: "fund,bond", categories: `none:${ID}`, tags: "long", base: "EUR" };
  const search = { account: ID, known: "2013-03-01", period: "5Y" as const, year: 2013, ...part };
  const scope = { account: ID, known: "2013-03-01" };
  for (const page of [
    "/holdings",
    "/holdings/past",
    "/cash",
    "/income",
    "/risk",
    "/performance",
    "/gains",
    "/gains/unrealized",
  ]) {
    expect(keptOn(page)(search)).toEqual({ ...scope, ...part });
  }
  for (const page of ["/", "/transactions", "/reports"]) {
    expect(keptOn(page)(search)).toEqual(scope);
  }
  expect(keptOn("/risk")({ period: "5Y" })).toEqual({});
});

test("pages of the same returns keep their days and conventions, each those it goes by", () => {
  const scope = { account: ID, base: "EUR" };
  const days = {
    period: "5Y",
    from: "2012-01-01",
    to: "2012-06-30",
    timing: "end_of_day",
  } as const;
  const more = { gaps: "modified_dietz", benchmark: ID } as const;
  const search = {
    ...scope,
    ...days,
    ...more,
    fees: "gross",
    taxes: "gross",
    kind: "buy",
    window: 63,
  } as const;
  expect(keptOn("/risk", "/performance")(search)).toEqual({ ...scope, ...days, ...more });
  expect(keptReturns("/performance/attribution")(search)).toEqual({ ...scope, ...days });
  expect(keptOn("/performance", "/risk")(search)).toEqual({
    ...scope,
    ...days,
    ...more,
    fees: "gross",
    taxes: "gross",
  });
  // the days of a list of records are not those of returns
  expect(keptOn("/risk", "/transactions")(search)).toEqual(scope);
  expect(keptOn("/holdings", "/risk")(search)).toEqual(scope);
});
