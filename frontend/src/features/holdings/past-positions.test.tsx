import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { PositionsOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { AAPL, ACCOUNT, WHOLE } from "@/shared/testing/samples";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { sliceOf } from "@/shared/slice";
import { OfSlice } from "@/shared/ui/sliced";
import { PastPositions } from "./past-positions";

/** The first page of a file is also the first to be compiled; a busy machine takes its time. */
const PATIENT = { timeout: 4000 };

const POSITIONS: PositionsOut = {
  on: "2025-10-13",
  items: [
    {
      account_id: ACCOUNT.id,
      instrument_id: AAPL.id,
      symbol: "AAPL",
      instrument_name: AAPL.name,
      quantity: "6",
      cost: "300.9",
      average_cost: "50.15",
      weight_ratio: "1",
      currency: "USD",
      unknown_reason: null,
      last_trade_date: "2025-10-13",
    },
    {
      account_id: ACCOUNT.id,
      instrument_id: "0190a000-0000-7000-8000-0000000000ab",
      symbol: "ZQX",
      instrument_name: "Zqx Inc",
      quantity: "-2",
      cost: null,
      average_cost: null,
      weight_ratio: "1",
      currency: "USD",
      unknown_reason: "cost_unknown",
      last_trade_date: "2025-10-13",
    },
  ],
  cash: [{ account_id: ACCOUNT.id, currency: "USD", amount: "738.5" }],
  slice: WHOLE,
};

function open(answer: () => Response | Promise<never>, moment = {}) {
  const asked: string[] = [];
  server.use(
    http.get(api("/accounts"), () => HttpResponse.json(pageOf([ACCOUNT]))),
    http.get(api("/positions"), ({ request }) => {
      asked.push(new URL(request.url).search);
      return answer();
    }),
  );
  return { ...show(() => <PastPositions account={undefined} moment={moment} />), asked };
}

test("units, cost and average cost of a day; what is not known says why", async () => {
  const { asked } = open(() => HttpResponse.json(POSITIONS), {
    on: "2025-10-13",
    basis: "settled",
    known: "2025-11-01",
  });
  const [, apple, unknown] = within(
    await screen.findByTestId("positions", {}, PATIENT),
  ).getAllByRole("row");
  await screen.findByRole("link", { name: "Lots of AAPL in Schwab" }, PATIENT);
  expect(asked[0]).toBe("?on=2025-10-13&as_known_on=2025-11-01&basis=settled");
  expect(apple?.textContent).toContain("$300.90");
  expect(apple?.textContent).toContain("$50.1500");
  expect(unknown?.textContent).toContain("−2");
  expect(unknown?.textContent).toContain("unknown: the cost of some units is not known");
  expect(screen.getByText("$738.50")).toBeDefined();
});

test("the way down keeps the account, the day and what was known", async () => {
  open(() => HttpResponse.json(POSITIONS), { on: "2025-10-13", known: "2025-11-01" });
  const lots = await screen.findByRole("link", { name: "Lots of AAPL in Schwab" }, PATIENT);
  expect(lots.getAttribute("href")).toBe(
    `/holdings/${AAPL.id}?account=${ACCOUNT.id}&on=2025-10-13&known=2025-11-01`,
  );
  const records = screen.getByRole("link", {
    name: "Transactions of AAPL in Schwab up to then",
  });
  expect(records.getAttribute("href")).toBe(
    `/transactions?account=${ACCOUNT.id}&instrument=${AAPL.id}&to=2025-10-13&known=2025-11-01`,
  );
});

test("waiting is said", async () => {
  open(() => new Promise<never>(() => {}));
  expect(await screen.findByRole("status", { name: "Loading positions" })).toBeDefined();
});

test("nothing held is said with the day, and a failure can be tried again", async () => {
  let isDown = true;
  const { user } = open(() =>
    isDown
      ? refuse(503, { detail: "not now" })
      : HttpResponse.json({ ...POSITIONS, on: "2001-01-02", items: [], cash: [] }),
  );
  await screen.findByText("not now");
  isDown = false;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Nothing was held on Jan 2, 2001")).toBeDefined();
});

test("a part of a position says how much of it, and explains no whole; the way down keeps the part", async () => {
  const [position] = POSITIONS.items;
  const asked: string[] = [];
  const split = { ...position, quantity: "3.6", cost: "180.54", weight_ratio: "0.6" };
  server.use(
    http.get(api("/accounts"), () => HttpResponse.json(pageOf([ACCOUNT]))),
    http.get(api("/positions"), ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ ...POSITIONS, items: [split], cash: [] });
    }),
  );
  const category = "0190a000-0000-7000-8000-0000000000cc";
  show(() => (
    <OfSlice slice={sliceOf({ categories: category })}>
      <PastPositions account={undefined} moment={{}} />
    </OfSlice>
  ));
  const table = await screen.findByTestId("positions", {}, PATIENT);
  expect(table.textContent).toContain("AAPL, 60.00% of it");
  expect(asked[0]).toBe(`?category_id=${category}`);
  await waitFor(() => {
    const link = within(table).getByRole("link", { name: "Lots of AAPL in Schwab" });
    expect(link.getAttribute("href")).toContain(`categories=${category}`);
  });
  expect(within(table).queryByRole("button")).toBeNull();
});
