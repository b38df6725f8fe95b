import { expect, test } from "vitest";
import { sliceOf } from "@/shared/slice";
import { slicePath } from "./sliced";

const A = "0190a000-0000-7000-8000-00000000000a";
const B = "0190a000-0000-7000-8000-00000000000b";

test.each([
  ["/api/v1/explain/holdings?figure=nav", "&asset_class=bond&currency=EUR&account_tag=old"],
  ["/api/v1/explain/allocation/node?key=bond", "&asset_class=bond&currency=EUR&account_tag=old"],
  ["/api/v1/explain/realized-gains?basis=tax", "&asset_class=bond&currency=EUR&account_tag=old"],
  // what explains lots, records and returns knows no parts
  ["/api/v1/explain/lots/1?figure=cost", ""],
  ["/api/v1/explain/cash?currency=USD", ""],
  ["/api/v1/explain/performance?figure=gain", ""],
])("%s of a part", (path, more) => {
  const slice = sliceOf({ classes: "bond", currencies: "EUR", tags: "old" });
  expect(slicePath(path, slice)).toBe(path + more);
});

test("a path that names an instrument is of that one, whatever the page is of", () => {
  const slice = sliceOf({ instruments: `${A},${B}`, base: "CHF" });
  const of = `/api/v1/explain/income?instrument_id=${A}`;
  expect(slicePath(of, slice)).toBe(`${of}&base_currency=CHF`);
  expect(slicePath("/api/v1/explain/income", slice)).toBe(
    `/api/v1/explain/income?base_currency=CHF&instrument_id=${A}&instrument_id=${B}`,
  );
});

test("gains that were realized are told in the currency of their tax", () => {
  const of = "/api/v1/explain/realized-gains?in_currency=USD";
  expect(slicePath(of, sliceOf({ currencies: "JPY", base: "CHF" }))).toBe(`${of}&currency=JPY`);
});

test("a page of everything asks for everything", () => {
  const path = "/api/v1/explain/holdings?figure=nav";
  expect(slicePath(path, sliceOf({}))).toBe(path);
  expect(slicePath(path, undefined)).toBe(path);
});
