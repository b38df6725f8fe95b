import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test, vi } from "vitest";
import type { RealizedGainOut, RealizedGainsOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { AAPL, ACCOUNT, WHOLE } from "@/shared/testing/samples";
import { sliceOf } from "@/shared/slice";
import { OfSlice } from "@/shared/ui/sliced";
import { api, refuse, server } from "@/shared/testing/server";
import { GainsTable } from "./gains-table";

const GAIN: RealizedGainOut = {
  id: "0190a000-0000-7000-8000-0000000000f1",
  account_id: ACCOUNT.id,
  account_name: ACCOUNT.name,
  instrument_id: AAPL.id,
  symbol: "AAPL",
  instrument_name: AAPL.name,
  kind: "closed",
  acquired_date: "2010-01-04",
  closed_date: "2012-06-01",
  gain_date: "2012-06-01",
  weight_ratio: "1",
  quantity: "10",
  proceeds: "600",
  cost: "500",
  gain: "100",
  currency: "PLN",
  tax_currency: "EUR",
  tax_proceeds: "150",
  tax_cost: "100",
  tax_gain: "50",
  currency_effect: "25",
  term: "long",
  is_short: false,
  lot_id: "0190a000-0000-7000-8000-0000000000f2",
  opened_by: "0190a000-0000-7000-8000-0000000000f3",
  closed_by: "0190a000-0000-7000-8000-0000000000f4",
  unknown_reason: null,
};
const UNKNOWN: RealizedGainOut = {
  ...GAIN,
  id: "0190a000-0000-7000-8000-0000000000f5",
  kind: "boot",
  quantity: "0",
  cost: null,
  gain: null,
  tax_cost: null,
  tax_gain: null,
  currency_effect: null,
  term: "short",
  unknown_reason: "cost_unknown",
};
const PAGE: RealizedGainsOut = {
  items: [GAIN, UNKNOWN],
  totals: [
    {
      currency: "EUR",
      term: "long",
      count: 1,
      unknown_count: 0,
      proceeds: "150",
      cost: "100",
      gain: "50",
    },
    {
      currency: "EUR",
      term: "short",
      count: 1,
      unknown_count: 1,
      proceeds: null,
      cost: null,
      gain: null,
    },
  ],
  years: [2012],
  slice: WHOLE,
  next_cursor: null,
  has_more: false,
};

function open(answer: () => Response, filter = {}) {
  const asked: string[] = [];
  server.use(
    http.get(api("/realized-gains"), ({ request }) => {
      asked.push(new URL(request.url).search);
      return answer();
    }),
  );
  const change = vi.fn();
  return { ...show(() => <GainsTable filter={filter} onChange={change} />), asked, change };
}

test("gains are in the tax currency, the currency's part apart, the unknown with its reason", async () => {
  open(() => HttpResponse.json(PAGE));
  const table = await screen.findByTestId("gains");
  const [, known, unknown] = within(table).getAllByRole("row");
  expect(known?.textContent).toContain("+€50.00");
  expect(known?.textContent).toContain("+€25.00");
  expect(unknown?.textContent).toContain("cash in an exchange");
  expect(unknown?.textContent).toContain("unknown: the cost of some units is not known");
  expect(screen.getByText("Long term, 1 gain")).toBeDefined();
});

test("a year and a term are asked of the server and offered", async () => {
  const { user, asked, change } = open(() => HttpResponse.json(PAGE), { year: 2012 });
  await user.selectOptions(await screen.findByLabelText("Term"), "long");
  expect(asked[0]).toContain("year=2012");
  expect(change).toHaveBeenCalledWith({ year: 2012, term: "long" });
});

test("nothing sold yet is said, and a failure can be tried again", async () => {
  let isDown = true;
  const { user } = open(() =>
    isDown
      ? refuse(503, { code: "database_unavailable" })
      : HttpResponse.json({ ...PAGE, items: [], totals: [], years: [] }),
  );
  const retry = await screen.findByRole("button", { name: "Try again" }, { timeout: 4000 });
  isDown = false;
  await user.click(retry);
  expect(await screen.findByText("No gains yet")).toBeDefined();
});

test("what was known on a day is asked for, shown, and not explained", async () => {
  const asked: string[] = [];
  server.use(
    http.get(api("/realized-gains"), ({ request }) => {
      asked.push(new URL(request.url).searchParams.get("as_known_on") ?? "");
      return HttpResponse.json(PAGE);
    }),
  );
  show(() => <GainsTable filter={{ known: "2026-02-01" }} onChange={vi.fn()} />);
  expect(await screen.findByTestId("gains")).toBeDefined();
  expect(asked).toEqual(["2026-02-01"]);
  expect(screen.getByLabelText("As known on")).toHaveProperty("value", "2026-02-01");
  expect(screen.queryAllByRole("button", { name: /Why/ })).toEqual([]);
});

test("hidden amounts leave in no file", async () => {
  localStorage.setItem("truenav.hidden", "1");
  open(() => HttpResponse.json(PAGE));
  expect(await screen.findByText("No file while amounts are hidden")).toBeDefined();
  expect(screen.queryByRole("button", { name: "Save as CSV" })).toBeNull();
});

test("the currency's part has a column only where there is another currency", async () => {
  const home = { ...GAIN, currency: "EUR" };
  server.use(http.get(api("/realized-gains"), () => HttpResponse.json({ ...PAGE, items: [home] })));
  show(() => <GainsTable filter={{}} onChange={() => undefined} />);
  const table = await screen.findByTestId("gains");
  const headings = within(table)
    .getAllByRole("columnheader")
    .map((one) => one.textContent);
  expect(headings).toContain("Gain");
  expect(headings).not.toContain("From the currency");
  expect(within(table).getAllByRole("cell")).toHaveLength(headings.length);
});

test("of a part its gains are asked for, in no other currency, and half of one says so", async () => {
  const asked: URLSearchParams[] = [];
  const half = { ...GAIN, weight_ratio: "0.5" };
  server.use(
    http.get(api("/realized-gains"), ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json({ ...PAGE, items: [half] });
    }),
  );
  const slice = sliceOf({ classes: "bond", instruments: AAPL.id, tags: "us", base: "CHF" });
  show(() => (
    <OfSlice slice={slice}>
      <GainsTable filter={{ account: ACCOUNT.id, slice }} onChange={() => undefined} />
    </OfSlice>
  ));
  const table = await screen.findByTestId("gains");
  expect(table.textContent).toContain("AAPL, 50.00% of it");
  expect(within(table).queryAllByRole("button", { name: /Why/ })).toEqual([]);
  const [query] = asked;
  expect([query?.getAll("account_id"), query?.getAll("instrument_id")]).toEqual([
    [ACCOUNT.id],
    [AAPL.id],
  ]);
  expect([query?.get("asset_class"), query?.get("account_tag")]).toEqual(["bond", "us"]);
  expect(query?.has("base_currency")).toBe(false);
  expect(screen.getAllByRole("button", { name: /Why/ }).length).toBeGreaterThan(0);
});

test("a part without gains is not taken for nothing at all", async () => {
  open(() => HttpResponse.json({ ...PAGE, items: [], totals: [] }), {
    slice: sliceOf({ classes: "bond" }),
  });
  expect(await screen.findByText("No gains match")).toBeDefined();
});
