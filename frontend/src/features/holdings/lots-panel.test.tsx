import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { LotsOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { AAPL, ACCOUNT, WHOLE } from "@/shared/testing/samples";
import { api, server } from "@/shared/testing/server";
import { LotsPanel } from "./lots-panel";

/** The first page of a file is also the first to be compiled; a busy machine takes its time. */
const PATIENT = { timeout: 4000 };

const OPEN = "0190a000-0000-7000-8000-0000000000f6";
const CLOSED = "0190a000-0000-7000-8000-0000000000f7";
const LOTS: LotsOut = {
  on: "2025-10-13",
  instrument_id: AAPL.id,
  symbol: "AAPL",
  instrument_name: AAPL.name,
  open_lots: [
    {
      id: OPEN,
      account_id: ACCOUNT.id,
      account_name: "Schwab",
      instrument_id: AAPL.id,
      transaction_id: OPEN,
      acquired_date: "2025-03-03",
      quantity: "6",
      cost: "300.9",
      cost_per_unit: "50.15",
      currency: "USD",
      is_short: false,
      is_long_term: false,
      unknown_reason: null,
    },
  ],
  closures: [
    {
      id: CLOSED,
      account_id: ACCOUNT.id,
      account_name: "Schwab",
      lot_id: CLOSED,
      closed_by: CLOSED,
      acquired_date: "2025-01-06",
      closed_date: "2025-05-01",
      quantity: "4",
      proceeds: "240",
      cost: "200.6",
      gain: "39.4",
      currency: "USD",
      is_short: false,
      term: "short",
      unknown_reason: null,
    },
  ],
  closure_count: 1,
  traded_gain: "39.4",
  currency: "USD",
  weight_ratio: "1",
  slice: WHOLE,
};

const realized = (gain: string | null, reasons: string[] = []) => ({
  currency: "EUR",
  total: { realized: { gain, from_prices: null, from_currency: null, count: 1, reasons } },
});

function open(answer: LotsOut, moment?: { on: string }, gains: object = realized("30")) {
  const asked: string[] = [];
  server.use(
    http.get(api("/holdings"), () => HttpResponse.json({ items: [], cash: [] })),
    http.get(api("/gains"), () => HttpResponse.json(gains)),
    http.get(api("/lots"), ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json(answer);
    }),
  );
  show(() => <LotsPanel instrumentId={AAPL.id} account={ACCOUNT.id} moment={moment} />);
  return asked;
}

test("every lot, open or closed, leads to what happened to it", async () => {
  open(LOTS);
  const link = within(await screen.findByTestId("open-lots", {}, PATIENT)).getByRole("link");
  expect(link.getAttribute("href")).toBe(`/holdings/lots/${OPEN}`);
  const closed = within(screen.getByTestId("closed-lots")).getByRole("link");
  expect(closed.getAttribute("href")).toBe(`/holdings/lots/${CLOSED}`);
  expect(screen.getByText("What if I sell?")).toBeDefined();
  expect(screen.queryByText(/all of them are under/)).toBeNull();
});

test("lots of a past day are asked for by it, and cannot be sold any more", async () => {
  const asked = open(LOTS, { on: "2025-10-13" });
  await screen.findByTestId("open-lots", {}, PATIENT);
  expect(asked[0]).toContain("on=2025-10-13");
  expect(screen.queryByText("What if I sell?")).toBeNull();
});

test("of very many closures the newest are shown, and where the others are", async () => {
  open({ ...LOTS, closure_count: 700 });
  expect(await screen.findByText(/The newest 1 of 700/)).toBeDefined();
});

test("what was realized is in the currency of the page, and as traded beside it", async () => {
  open(LOTS);
  const section = await screen.findByRole("region", { name: "Closed lots" }, PATIENT);
  await within(section).findByText("+€30.00");
  expect(section.textContent).toContain("Realized gain +€30.00 · as traded +$39.40");
});

test("in the currency it was traded in it is told once; what is not known says why", async () => {
  open(LOTS, undefined, { ...realized(null, ["cost_unknown"]), currency: "USD" });
  const section = await screen.findByRole("region", { name: "Closed lots" }, PATIENT);
  await within(section).findByText(/the cost of some units is not known/);
  expect(section.textContent).not.toContain("as traded");
});

test("of a past day it is told as traded alone", async () => {
  open(LOTS, { on: "2025-10-13" });
  const section = await screen.findByRole("region", { name: "Closed lots" }, PATIENT);
  expect(section.textContent).toContain("Realized gain as traded +$39.40");
  expect(section.textContent).not.toContain("€30.00");
});

test("lots of a part say how much of each, explain no whole and cannot be sold alone", async () => {
  open({ ...LOTS, weight_ratio: "0.6" });
  const lots = await screen.findByRole("region", { name: "Open lots" }, PATIENT);
  expect(lots.textContent).toContain("60.00% of each");
  expect(within(screen.getByTestId("open-lots")).queryByRole("button")).toBeNull();
  expect(within(screen.getByTestId("closed-lots")).queryByRole("button")).toBeNull();
  expect(screen.queryByText("What if I sell?")).toBeNull();
});
