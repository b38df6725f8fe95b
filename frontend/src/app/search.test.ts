import { expect, test } from "vitest";
import { periodStart, readSearch } from "./search";

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

test("periods begin where people expect", () => {
  expect(periodStart("YTD", "2013-03-01")).toBe("2012-12-31");
  expect(periodStart("1M", "2023-03-31")).toBe("2023-02-28");
  expect(periodStart("1Y", "2024-02-29")).toBe("2023-02-28");
  expect(periodStart("Max", "2013-03-01")).toBeUndefined();
});
