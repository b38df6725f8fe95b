import { fireEvent, screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { GainsOut, GainsRowOut } from "@/shared/api/gen/types.gen";
import { sliceOf } from "@/shared/slice";
import { show } from "@/shared/testing/render";
import { savedFiles } from "@/shared/testing/saved";
import { AAPL, WHOLE } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { drawnRows } from "./together";
import { rowAt } from "./together-plot";
import { TogetherView } from "./together-view";

const gain = (
  amount: string | null,
  fromCurrency: string | null = "0",
  reasons: string[] = [],
) => ({
  gain: amount,
  from_prices: null,
  from_currency: fromCurrency,
  count: 1,
  reasons,
});
const SHARE: GainsRowOut = {
  instrument_id: AAPL.id,
  symbol: "AAPL",
  name: AAPL.name,
  asset_class: "equity",
  realized: gain("-40", "-60"),
  unrealized: gain("180", null),
  unrealized_change: "180",
  income: { net: "25", count: 1, reasons: [] },
  total: "165",
  reasons: [],
};
const GIFT: GainsRowOut = {
  ...SHARE,
  instrument_id: "0190a000-0000-7000-8000-0000000000aa",
  symbol: "GIFT",
  realized: gain(null, null, ["cost_unknown"]),
  unrealized: gain("0"),
  unrealized_change: "0",
  income: { net: null, count: 1, reasons: ["fx_missing:THB"] },
  total: null,
  reasons: ["cost_unknown", "fx_missing"],
};
const CASH: GainsRowOut = {
  ...SHARE,
  instrument_id: null,
  symbol: null,
  name: "No instrument",
  realized: gain("0"),
  unrealized: gain("0"),
  unrealized_change: "0",
  income: { net: "3", count: 1, reasons: [] },
  total: "3",
};
const GAINS: GainsOut = {
  currency: "EUR",
  as_of: "2026-03-05",
  year: null,
  from_date: null,
  to_date: "2026-03-05",
  slice: WHOLE,
  years: [2026, 2025],
  items: [SHARE, GIFT, CASH],
  total: { ...GIFT, instrument_id: null, symbol: null, name: "All together" },
  unknowns: [
    {
      reason_code: "cost_unknown",
      message: "the cost of some units of GIFT is not known",
      instrument_id: GIFT.instrument_id,
      symbol: "GIFT",
      count: 1,
    },
  ],
  is_realized_explained: true,
  is_recomputing: false,
};

const asked: URL[] = [];
const answer = (parts: Partial<GainsOut> = {}) =>
  http.get(api("/gains"), ({ request }) => {
    asked.push(new URL(request.url));
    return HttpResponse.json({ ...GAINS, ...parts });
  });
const years: (number | undefined)[] = [];
const open = (filter: Parameters<typeof TogetherView>[0]["filter"] = {}) =>
  show(() => (
    <TogetherView
      filter={filter}
      onYear={(year) => {
        years.push(year);
      }}
    />
  ));
const rowOf = (table: HTMLElement, name: string) =>
  within(table).getAllByText(name)[0]?.closest("tr")?.textContent ?? "";

test("each part stands beside the others, with the currency's part where it is known", async () => {
  server.use(answer());
  open();
  const table = await screen.findByRole("table", { name: "Realized, unrealized and income" });
  const share = rowOf(table, "AAPL");
  for (const words of [
    "−€40.00",
    "−€60.00 from the currency",
    "+€180.00",
    "currency’s part not known",
    "+€165.00",
  ])
    expect(share).toContain(words);
  expect(rowOf(table, "No instrument")).toContain("+€3.00");
});

test("what is not known says why, in its row and above", async () => {
  server.use(answer());
  open();
  const table = await screen.findByRole("table", { name: "Realized, unrealized and income" });
  const gift = rowOf(table, "GIFT");
  expect(gift).toContain("the cost of some units is not known");
  expect(gift).toContain("no exchange rate within seven days");
  expect(screen.getByText("the cost of some units of GIFT is not known")).toBeDefined();
});

test("the gain at the end of a year, the currency's part and the total say why they are not known", async () => {
  const unpriced = gain(null, null, ["price_missing"]);
  const row = { ...SHARE, realized: gain("180", null, ["fx_missing_at_acquisition"]) };
  server.use(
    answer({
      year: 2025,
      items: [{ ...row, unrealized: unpriced, total: null, reasons: ["price_missing"] }],
      total: { ...SHARE, name: "All together" },
      unknowns: [],
    }),
  );
  open({ year: 2025 });
  const table = await screen.findByRole("table", { name: "Realized, unrealized and income" });
  const told = rowOf(table, "AAPL");
  expect(told).toContain("—unknown: no price is known at its end");
  expect(told).toContain("currency’s part not known: no exchange rate for the day of purchase");
  expect(told).toMatch(/—unknown: no price is known$/);
});

test("a year is asked for, and its unrealized gain is what the year changed", async () => {
  asked.length = 0;
  server.use(
    answer({ year: 2025, from_date: "2025-01-01", to_date: "2025-12-31", items: [
      { ...SHARE, unrealized_change: "-12" },
    ] }),
  ); // prettier-ignore
  const { user } = open({ year: 2025, slice: sliceOf({ classes: "bond", base: "EUR" }) });
  const table = await screen.findByRole("table", { name: "Realized, unrealized and income" });
  const query = asked[0]?.searchParams;
  expect([query?.get("year"), query?.get("asset_class"), query?.get("base_currency")]).toEqual([
    "2025", "bond", "EUR",
  ]); // prettier-ignore
  expect(within(table).getAllByText("Change of unrealized").length).toBeGreaterThan(0);
  expect(rowOf(table, "AAPL")).toContain("−€12.00");
  expect(rowOf(table, "AAPL")).toContain("+€180.00 at its end");
  await user.selectOptions(screen.getByRole("combobox", { name: "Year" }), "Since ever");
  expect(years.at(-1)).toBeUndefined();
});

test("the file has every row, the total, and why a figure is missing", async () => {
  server.use(answer());
  const saved = savedFiles();
  const { user } = open();
  await user.click(await screen.findByRole("button", { name: "Save as CSV" }));
  const lines = (await saved[0]?.text())?.split("\r\n") ?? [];
  expect(lines[1]).toBe(`AAPL,${AAPL.name},-40,-60,180,,180,25,165,EUR,`);
  expect(lines[2]).toContain("the cost of some units is not known; no exchange rate");
  expect(lines).toHaveLength(6);
});

test("the chart is read row by row, by keys, with what is not known and why", async () => {
  server.use(answer());
  open();
  const slider = await screen.findByRole("slider", { name: "Inspect the gains by instrument" });
  expect(slider.getAttribute("max")).toBe("2");
  const read = screen.getByTestId("gains-read");
  expect(screen.queryByTestId("row-read")).toBeNull();
  fireEvent.focus(slider);
  expect(read.textContent).toBe(
    "AAPL: realized −€40.00, unrealized +€180.00, income +€25.00; together +€165.00",
  );
  fireEvent.change(slider, { target: { value: "1" } });
  for (const told of [read.textContent, slider.getAttribute("aria-valuetext")]) {
    expect(told).toBe(
      "GIFT: realized unknown (the cost of some units is not known), unrealized €0.00, income unknown (no exchange rate within seven days); together unknown",
    );
  }
  fireEvent.blur(slider);
  expect(read.textContent).toContain("Point at a row");
});

test("the row under the pointer is found by how high rows are, higher on a narrow screen", () => {
  // wide: 45 each from 4 on; narrow: 60, with the name above its bars
  expect([3, 48, 49, 60, 900].map((y) => rowAt(y, 3, 700))).toEqual([0, 0, 1, 1, 2]);
  expect([60, 64, 900].map((y) => rowAt(y, 3, 320))).toEqual([0, 1, 2]);
});

test("what is not known has its place in the drawing", () => {
  const { rows, left } = drawnRows(GAINS, 1);
  expect([rows.map((row) => row.symbol), left]).toEqual([["AAPL"], 2]);
});

test("waiting, failing and nothing are told apart", async () => {
  server.use(http.get(api("/gains"), () => refuse(503, { detail: "away" })));
  const { user } = open();
  expect((await screen.findByRole("alert")).textContent).toContain("away");
  server.use(answer({ items: [], unknowns: [] }));
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("No gains yet")).toBeDefined();
});

test("nothing of a part is not taken for nothing at all", async () => {
  server.use(answer({ items: [] }));
  open({ slice: sliceOf({ classes: "bond" }) });
  expect(await screen.findByText("Nothing of this part")).toBeDefined();
});
