import { expect, test } from "vitest";
import {
  LOT_DIGITS,
  ago,
  ahead,
  day,
  direction,
  isZeroAt,
  money,
  percent,
  quantity,
} from "./format";

test("amounts print exactly, whatever their length", () => {
  expect(money("12345678901234567890.12", "USD")).toBe("$12,345,678,901,234,567,890.12");
  expect(money("-5", "EUR")).toBe("−€5.00");
  expect(money("1234.5", "JPY")).toBe("¥1,235");
  expect(money("7", "USD", { signed: true })).toBe("+$7.00");
});

test("parts of a lot print the digits they have, so that proceeds less cost is the gain", () => {
  // 25,403.08 - 2,167.485 = 23,235.595
  expect(money("25403.08", "USD", { upTo: LOT_DIGITS })).toBe("$25,403.08");
  expect(money("2167.485", "USD", { upTo: LOT_DIGITS })).toBe("$2,167.485");
  expect(money("23235.595", "USD", { upTo: LOT_DIGITS, signed: true })).toBe("+$23,235.595");
  expect(money("-0.00004", "USD", { upTo: LOT_DIGITS, signed: true })).toBe("$0.00");
});

test("nothing prints as plus or minus zero", () => {
  expect(percent("-0.00001", 2, true)).toBe("0.00%");
  expect(percent("0.000049", 2, true)).toBe("0.00%");
  expect(money("-0.004", "USD", { signed: true })).toBe("$0.00");
  expect(direction("-0.004")).toBe(0);
  expect(isZeroAt("0.005", 2)).toBe(false);
});

test("a calendar day is that day everywhere", () => {
  expect(day("2013-03-01")).toBe("Mar 1, 2013");
});

test("quantities keep their fractions", () => {
  expect(quantity("0.123456")).toBe("0.123456");
  expect(quantity("-1500")).toBe("−1,500");
});

test("moments near by are told by their distance, others by their date", () => {
  const now = Date.parse("2026-11-30T12:00:00Z");
  const told = (seconds: number) => new Date(now + seconds * 1000).toISOString();
  expect([0, 59, 60, 3599, 3600, 86_399].map((seconds) => ago(told(-seconds), now))).toEqual([
    "just now",
    "just now",
    "1 minute ago",
    "59 minutes ago",
    "1 hour ago",
    "23 hours ago",
  ]);
  expect(ago(told(-86_400), now)).toContain("Nov 2");
  // a clock that goes ahead of ours
  expect(ago(told(5), now)).toBe("just now");
  expect([-1, 0, 1, 119, 120, 3599].map((seconds) => ahead(told(seconds), now))).toEqual([
    "any moment now",
    "any moment now",
    "in 1 second",
    "in 119 seconds",
    "in 2 minutes",
    "in 59 minutes",
  ]);
  expect(ahead(told(86_400), now)).toContain("Dec 1");
});
