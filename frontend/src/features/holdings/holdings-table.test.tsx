import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import { client } from "@/shared/api/gen/client.gen";
import type { HoldingOut, HoldingsOut } from "@/shared/api/gen/types.gen";
import { PreferencesProvider } from "@/shared/preferences/preferences";
import { server } from "@/shared/testing/server";
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
  as_of: "2013-03-01",
  currency: "USD",
  items: [AAPL],
  cash: [],
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

beforeEach(() => {
  client.setConfig({ baseUrl: "http://localhost" });
});

function show() {
  const route = createRootRoute({ component: () => <HoldingsTable account={undefined} /> });
  const router = createRouter({ routeTree: route, history: createMemoryHistory() });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <PreferencesProvider>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </PreferencesProvider>,
  );
}

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
