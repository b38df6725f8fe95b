import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { LotEventOut, LotHistoryOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { AAPL, ACCOUNT, PURCHASE } from "@/shared/testing/samples";
import { LotHistory } from "./lot-history";

/** The first page of a file is also the first to be compiled; a busy machine takes its time. */
const PATIENT = { timeout: 4000 };

const CHILD = "0190a000-0000-7000-8000-0000000000e9";
const event = (what: LotEventOut["what"], parts: Partial<LotEventOut>): LotEventOut => ({
  what,
  happened_on: "2025-04-01",
  transaction_id: PURCHASE.id,
  units_after: "20",
  change: null,
  gain: null,
  ...parts,
});
const LOT: LotHistoryOut = {
  id: "0190a000-0000-7000-8000-0000000000e8",
  account_id: ACCOUNT.id,
  account_name: ACCOUNT.name,
  instrument_id: AAPL.id,
  symbol: "AAPL",
  instrument_name: AAPL.name,
  currency: "USD",
  acquired_date: "2025-03-03",
  is_short: false,
  quantity: "15",
  cost: "300",
  cost_per_unit: "20",
  unknown_reason: null,
  events: [
    event("opened", { happened_on: "2025-03-03", units_after: "10" }),
    event("adjusted", {
      change: {
        kind: "split",
        symbol: "AAPL",
        quantity_before: "10",
        quantity_after: "20",
        cost_before: "500",
        cost_after: "500",
        other_lot_id: null,
      },
    }),
    event("closed", {
      happened_on: "2025-05-01",
      units_after: "15",
      gain: {
        kind: "closed",
        quantity: "5",
        proceeds: "150",
        cost: "125",
        gain: "25",
        currency: "USD",
        term: "short",
      },
    }),
    event("became", {
      happened_on: "2025-06-02",
      units_after: "15",
      change: {
        kind: "spin_off",
        symbol: "KID",
        quantity_before: "0",
        quantity_after: "3",
        cost_before: "0",
        cost_after: "75",
        other_lot_id: CHILD,
      },
    }),
  ],
  records: [PURCHASE],
};

test("each event says what it did, leads to its record, and what was left", async () => {
  show(() => <LotHistory lot={LOT} />);
  const items = within(await screen.findByTestId("lot-history", {}, PATIENT)).getAllByRole(
    "listitem",
  );
  const text = items.map((item) => item.textContent);
  expect(text[0]).toContain("Opened");
  expect(text[0]).toContain("10 left");
  expect(text[1]).toContain("Split10 to 20 units, cost $500.00");
  expect(text[2]).toContain("5 units closed$150.00 for $125.00, gain +$25.00, short term");
  expect(text[2]).toContain("15 left");
  expect(text[3]).toContain("Spin-off: KID came out of it");
  const link = within(items[0] as HTMLElement).getByRole("link", {
    name: "Buy AAPL, Jan 10, 2013",
  });
  expect(link.getAttribute("href")).toBe(`/transactions/${PURCHASE.id}`);
  const child = screen.getByRole("link", { name: "that lot" });
  expect(child.getAttribute("href")).toBe(`/holdings/lots/${CHILD}`);
});

test("of a lot that is gone nothing is left, and an unknown cost stays unknown", async () => {
  const gone: LotHistoryOut = {
    ...LOT,
    quantity: "0",
    is_short: true,
    cost: null,
    cost_per_unit: null,
    unknown_reason: "cost_unknown",
    events: [
      event("closed", {
        units_after: "0",
        gain: {
          kind: "closed",
          quantity: "5",
          proceeds: "150",
          cost: null,
          gain: null,
          currency: "USD",
          term: "short",
        },
      }),
    ],
  };
  show(() => <LotHistory lot={gone} />);
  expect(await screen.findByText("none")).toBeDefined();
  expect(screen.getByText("5 units bought back")).toBeDefined();
  expect(screen.getAllByText(/unknown: the cost of some units/)).toHaveLength(2);
});
