import { expect, test } from "vitest";
import { ProblemError, problemOf } from "@/shared/api/problem";
import { CANCELLED, DONE, PARKED, RETRYING, WAITING } from "@/shared/testing/job-samples";
import { entryName, kindName, kindOptions } from "./kinds";
import {
  aboutText,
  errorText,
  failuresText,
  outcomeText,
  parkText,
  refusalText,
  titleOf,
} from "./phrases";

test("what work is about, as short as it can be told", () => {
  expect(titleOf(WAITING)).toBe("Closing prices, AAPL, up to Nov 27, 2026");
  expect(titleOf(PARKED)).toBe("Values after a posting");
  expect(titleOf(CANCELLED)).toBe("Part of a backfill, AAPL, Jan 1, 2015 – Dec 31, 2019");
  expect(aboutText({ ...WAITING, symbol: null })).toContain("an instrument no longer known");
  const request = { first: "2020-01-01", last: "2020-01-01", symbols: "" };
  expect(aboutText({ ...WAITING, symbol: null, about: request })).toBe(
    "everything somebody holds, Jan 1, 2020",
  );
});

test.each([
  [null, ""],
  [{}, ""],
  [{ rows: 12, source: "tiingo" }, "12 rows new from tiingo"],
  [{ rows: 1 }, "1 row new"],
  [{ rows: 0, source: "yahoo" }, "Nothing new from yahoo"],
  [{ parts: 3 }, "In 3 parts"],
  [{ parts: 0 }, "Nothing to ask for: none of this is known here"],
  [{ findings: 0 }, "Nothing odd"],
  [{ findings: 2 }, "2 findings"],
  [{ reason: "no_instrument" }, "That instrument is no longer known"],
  [
    { reason: "nobody_answered", detail: "asked yahoo", rows: 0 },
    "Nobody who is asked could tell anything",
  ],
  [{ reason: "some_new_reason" }, "Some new reason"],
  [
    { ticks_folded: 4000, minute_bars_made: 0, partitions_made: 1, was_stopped: false },
    "Ticks folded: 4,000, partitions made: 1",
  ],
  [{ ticks_folded: 0, was_stopped: false }, "Nothing to do"],
  [{ source: "ecb" }, "Nothing to do"],
  [{ place: "here" }, "Place: here"],
  [
    { rows: 3, source: "yahoo", passed_over: ["tiingo: not_known"] },
    "3 rows new from yahoo, passed over tiingo: not known",
  ],
])("what came of it: %j is told as %j", (outcome, told) => {
  expect(outcomeText(outcome)).toBe(told);
});

test("why work was given up, and what failed so far", () => {
  expect(parkText(PARKED)).toBe("Given up after 4 failures");
  expect(parkText({ ...PARKED, park_reason: "crashed", crash_count: 3 })).toBe(
    "Given up: the process that worked on it died 3 times",
  );
  expect(parkText({ ...PARKED, park_reason: "lost" })).toContain("queued again and again");
  expect(parkText({ ...PARKED, park_reason: "unknown" })).toContain("nobody here knows how");
  expect(failuresText(DONE)).toBe("");
  expect(failuresText({ ...RETRYING, crash_count: 1 })).toBe("Failed twice, its process died once");
  expect(failuresText({ ...DONE, crash_count: 2 })).toBe("Its process died twice");
});

test("errors in words: our own codes, and others' kinds as they are", () => {
  expect(errorText("nobody_answered: tried: yahoo transport")).toBe(
    "Nobody answered: tried: yahoo transport",
  );
  expect(errorText("OperationalError")).toBe("OperationalError");
});

test("a refusal without words of our own says what the server said", () => {
  expect(refusalText(new ProblemError(problemOf(undefined, undefined)))).toContain(
    "does not answer",
  );
});

test("kinds and entries nobody named show themselves", () => {
  expect(kindName("house.new_thing")).toBe("house.new_thing");
  expect(kindOptions(["house.new_thing"])).toContainEqual(["house.new_thing", "house.new_thing"]);
  expect(kindOptions(["marketdata.rates_due"])).toHaveLength(kindOptions([]).length);
  expect(entryName("eod-XETR")).toBe("Closing prices, Xetra (XETR)");
  expect(entryName("eod-XZZZ")).toBe("Closing prices, XZZZ");
  expect(entryName("something")).toBe("something");
});
