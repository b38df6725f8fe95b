import { cleanup, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { HoldingOut, HoldingsOut } from "@/shared/api/gen/types.gen";
import { show as showPage } from "@/shared/testing/render";
import { ACCOUNT, WHOLE } from "@/shared/testing/samples";
import { server } from "@/shared/testing/server";
import { sliceOf } from "@/shared/slice";
import { OfSlice } from "@/shared/ui/sliced";
import { HoldingsTable } from "./holdings-table";

const URL = "http://localhost/api/v1/holdings";
const AAPL: HoldingOut = {
  instrument_id: "01a20adb-8379-7cc3-bef8-53c8960e0fe1",
  symbol: "AAPL",
  name: "Apple Inc",
  asset_class: "equity",
  currency: "USD",
  quantity: "6",
  price: "430.47",
  price_date: "2013-03-01",
  price_source: "bundled",
  is_stale: false,
  stale_reason: null,
  fx_rate: "1",
  market_value: "2582.82",
  market_value_local: "2582.82",
  weight_ratio: "1",
  cost: "600.6",
  unrealized_gain: "1982.22",
  unrealized_gain_ratio: "3.3004",
  day_change: "-65.58",
  day_change_ratio: "-0.02476",
  realized_gain: "0",
  unknown_reasons: [],
};
const FULL: HoldingsOut = {
  slice: WHOLE,
  as_of: "2013-03-01",
  currency: "USD",
  items: [AAPL],
  cash: [],
  receivables: [],
  total_receivable: "0",
  receivable_weight_ratio: "0",
  total_market_value: "2582.82",
  total_cash: "0",
  nav: "2582.82",
  total_unrealized_gain: "1982.22",
  total_day_change: "-65.58",
  valued_count: 1,
  unknowns: [],
  is_recomputing: false,
};
const UNPRICED: HoldingsOut = {
  ...FULL,
  items: [{ ...AAPL, price: null, market_value: null, unknown_reasons: ["price_missing"] }],
  nav: null,
  valued_count: 0,
  unknowns: [
    {
      reason_code: "price_missing",
      message: "no price is known for AAPL",
      instrument_id: AAPL.instrument_id,
      symbol: "AAPL",
      count: 1,
    },
  ],
};

const show = () => showPage(() => <HoldingsTable account={undefined} />);

test("waiting is said", async () => {
  server.use(http.get(URL, () => new Promise<never>(() => {})));
  show();
  expect(await screen.findByRole("status", { name: "Loading holdings" })).toBeDefined();
});

test("a failure is a failure, not an empty portfolio, and can be tried again", async () => {
  server.use(
    http.get(URL, () =>
      HttpResponse.json({ code: "x", detail: "no luck", errors: [] }, { status: 503 }),
    ),
  );
  show();
  expect(await screen.findByText("no luck")).toBeDefined();
  server.use(http.get(URL, () => HttpResponse.json(FULL)));
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Apple Inc")).toBeDefined();
});

test("nothing held says what to do", async () => {
  server.use(http.get(URL, () => HttpResponse.json({ ...FULL, items: [], cash: [] })));
  show();
  expect(await screen.findByText("No holdings yet")).toBeDefined();
});

test("figures are shown with their sign and their total", async () => {
  server.use(http.get(URL, () => HttpResponse.json(FULL)));
  show();
  expect(await screen.findByText("Apple Inc")).toBeDefined();
  expect(screen.getAllByText("$2,582.82")).toHaveLength(2);
  expect(screen.getByText("−2.48%")).toBeDefined();
});

test("an unknown total is a dash that says why", async () => {
  server.use(http.get(URL, () => HttpResponse.json(UNPRICED)));
  show();
  expect(await screen.findByText(/0 of 1 holdings could be valued/)).toBeDefined();
  expect(screen.getByTestId("holdings-total").textContent).toContain("no price is known for AAPL");
});

const IBM: HoldingOut = {
  ...AAPL,
  instrument_id: "01a20adb-8379-7cc3-bef8-53c8960e0fe2",
  symbol: "IBM",
  name: "International Business Machines",
  market_value: "405.82",
  day_change: "4.16",
  unrealized_gain: null,
  unknown_reasons: ["cost_unknown"],
};
const symbols = () =>
  screen.getAllByRole("link").map((link) => link.textContent?.match(/^[A-Z]+/)?.[0]);

test("rows are sorted by what is pressed, unknown figures last, and back again", async () => {
  server.use(http.get(URL, () => HttpResponse.json({ ...FULL, items: [IBM, AAPL] })));
  show();
  await screen.findByText("Apple Inc");
  expect(symbols()).toEqual(["AAPL", "IBM"]);
  const day = screen.getByRole("columnheader", { name: "Day" });
  await userEvent.click(within(day).getByRole("button"));
  expect(day.getAttribute("aria-sort")).toBe("descending");
  expect(symbols()).toEqual(["IBM", "AAPL"]);
  await userEvent.click(within(day).getByRole("button"));
  expect(day.getAttribute("aria-sort")).toBe("ascending");
  expect(symbols()).toEqual(["AAPL", "IBM"]);
  await userEvent.click(screen.getByRole("button", { name: "Unrealized gain" }));
  expect(day.getAttribute("aria-sort")).toBeNull();
  expect(symbols()).toEqual(["AAPL", "IBM"]);
  expect(screen.getAllByTitle("the cost of some units is not known").length).toBeGreaterThan(0);
});

test("the day's sum says that it leaves out cash which moves as well", async () => {
  const cash = {
    currency: "EUR",
    amount: "100",
    fx_rate: "1.3",
    value: "130",
    weight_ratio: "0.05",
    unknown_reasons: [],
  };
  server.use(http.get(URL, () => HttpResponse.json({ ...FULL, cash: [cash] })));
  show();
  expect(await screen.findByText("without cash")).toBeDefined();
  expect(screen.getByText("EUR at 1.3000")).toBeDefined();
});

test("income due is a line of its own that leads to its page", async () => {
  const due = {
    account_id: AAPL.instrument_id,
    instrument_id: AAPL.instrument_id,
    symbol: "AAPL",
    ex_date: "2013-02-20",
    until: "2013-03-31",
    currency: "USD",
    gross: "20",
    withheld: "3",
    net: "17",
    value: "17",
    transaction_id: null,
    event_id: AAPL.instrument_id,
    unknown_reasons: [],
  };
  server.use(
    http.get(URL, () =>
      HttpResponse.json({
        ...FULL,
        receivables: [due],
        total_receivable: "17",
        receivable_weight_ratio: "0.0066",
      }),
    ),
  );
  // the overview names an account, the page of holdings a part as well
  showPage(
    () => (
      <OfSlice slice={sliceOf({ currencies: "USD" })}>
        <HoldingsTable account={ACCOUNT.id} />
      </OfSlice>
    ),
    { at: `/?account=${ACCOUNT.id}` },
  );
  const link = await screen.findByRole("link", { name: "Income due" });
  expect(link.getAttribute("href")).toBe(`/income?account=${ACCOUNT.id}&currencies=USD`);
  expect(screen.getByRole("link", { name: /AAPL/ }).getAttribute("href")).toBe(
    `/holdings/${AAPL.instrument_id}?account=${ACCOUNT.id}&currencies=USD`,
  );
  const row = link.closest("tr");
  expect(row?.textContent).toContain("AAPL ex Feb 20, 2013");
  expect(row?.textContent).toContain("$17.00");
});

test("a part is asked for as such, and neither it nor nothing of it reads as the whole", async () => {
  const asked: globalThis.URL[] = [];
  let [items, isAll] = [[AAPL], false];
  server.use(
    http.get(URL, ({ request }) => {
      asked.push(new globalThis.URL(request.url));
      return HttpResponse.json({ ...FULL, items, slice: { ...WHOLE, is_everything: isAll } });
    }),
  );
  const slice = sliceOf({ classes: "equity", groups: "Anna", base: "EUR" });
  const part = () =>
    showPage(() => (
      <OfSlice slice={slice}>
        <HoldingsTable account={undefined} />
      </OfSlice>
    ));
  part();
  expect(await screen.findByText("Value of this part")).toBeDefined();
  expect(screen.queryByText("Net asset value")).toBeNull();
  const query = asked[0]?.searchParams;
  expect(["asset_class", "account_group", "base_currency"].map((name) => query?.get(name))).toEqual(
    ["equity", "Anna", "EUR"],
  );
  cleanup();
  // every class there is, named one by one, leaves nothing out
  isAll = true;
  part();
  expect(await screen.findByText("Net asset value")).toBeDefined();
  expect(screen.queryByText("Value of this part")).toBeNull();
  cleanup();
  items = [];
  part();
  expect(await screen.findByText("Nothing of this part is held")).toBeDefined();
});
