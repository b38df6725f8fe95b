import { expect, test } from "vitest";
import { csvText } from "@/shared/csv";
import { placed } from "./waterfall-bars";
import type { WaterfallOut } from "./waterfall-types";

test("a file's cells are quoted where they must be, and empty where nothing is known", () => {
  expect(
    csvText([
      ["Day", 'A, "B"'],
      ["2013-03-01", null],
    ]),
  ).toBe('Day,"A, ""B"""\r\n2013-03-01,\r\n');
});

const bar = (name: WaterfallOut["bars"][number]["bar"], amount: string | null) => ({
  bar: name,
  amount,
  reasons: [],
  is_remainder: false,
  record_count: 0,
  records: [],
});

test("each bar begins where the one before it ends", () => {
  const data = {
    opening_nav: "100",
    bars: [bar("deposits", "100"), bar("fees", "-50"), bar("fx", null)],
  } as unknown as WaterfallOut;
  // from 100 to 200, back to 150, and an unknown one that has no width
  expect(placed(data).map(({ start, width }) => [start, width])).toEqual([
    [0, 100],
    [50, 50],
    [50, 0],
  ]);
});
