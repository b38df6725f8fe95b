import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { CashOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { ACCOUNT, WHOLE } from "@/shared/testing/samples";
import { sliceOf } from "@/shared/slice";
import { OfSlice } from "@/shared/ui/sliced";
import { api, refuse, server } from "@/shared/testing/server";
import { CashTable } from "./cash-table";

/** The first page of a file is also the first to be compiled; a busy machine takes its time. */
const PATIENT = { timeout: 4000 };

const BOUGHT = "0190a000-0000-7000-8000-0000000000e1";
const CASH: CashOut = {
  on: "2025-10-13",
  items: [
    {
      account_id: ACCOUNT.id,
      account_name: "Schwab",
      currency: "USD",
      amount: "498.5",
      settled: "1000",
      pending: [
        {
          transaction_id: BOUGHT,
          kind: "buy",
          symbol: "AAPL",
          trade_date: "2025-10-10",
          amount: "-501.5",
          settles_on: "2025-10-14",
          rule: "US T+1",
          unknown_reason: null,
        },
      ],
    },
    {
      account_id: ACCOUNT.id,
      account_name: "Schwab",
      currency: "JPY",
      amount: "-500",
      settled: null,
      pending: [
        {
          transaction_id: BOUGHT,
          kind: "buy",
          symbol: null,
          trade_date: "2025-10-10",
          amount: "-500",
          settles_on: null,
          rule: "JPY",
          unknown_reason: "settlement_market_unknown",
        },
      ],
    },
  ],
  slice: WHOLE,
};
const PATH = api("/cash");

function open(answer: () => Response | Promise<never>, moment = {}) {
  const asked: string[] = [];
  server.use(
    http.get(PATH, ({ request }) => {
      asked.push(new URL(request.url).search);
      return answer();
    }),
  );
  return { ...show(() => <CashTable account={undefined} moment={moment} />), asked };
}

test("what is on its way says when it settles and by which rule", async () => {
  open(() => HttpResponse.json(CASH));
  const table = await screen.findByTestId("cash", {}, PATIENT);
  const [, dollars, waiting] = within(table).getAllByRole("row");
  expect(dollars?.textContent).toContain("$498.50");
  expect(dollars?.textContent).toContain("$1,000.00");
  expect(dollars?.textContent).toContain("1 movement on the way");
  expect(waiting?.textContent).toBe(
    "−$501.50 Buy AAPL of Oct 10, 2025, settles Oct 14, 2025, one business day after the trade in the United States",
  );
  const link = within(table).getByRole("link", { name: "Buy AAPL of Oct 10, 2025" });
  expect(link.getAttribute("href")).toBe(`/transactions/${BOUGHT}`);
});

test("a settlement no rule knows makes settled cash unknown, never a number", async () => {
  open(() => HttpResponse.json(CASH));
  const table = await screen.findByTestId("cash", {}, PATIENT);
  const yen = within(table).getAllByRole("row")[3];
  expect(yen?.textContent).toContain("unknown: nobody says on which market this trades");
  expect(within(table).getByText(/unknown when it settles/)).toBeDefined();
});

test("a day and what was known are asked of the server and kept on the way down", async () => {
  const { asked } = open(() => HttpResponse.json(CASH), { on: "2025-10-13", known: "2025-11-01" });
  const link = await screen.findByRole("link", { name: "Movements of USD in Schwab" });
  expect(asked[0]).toBe("?on=2025-10-13&as_known_on=2025-11-01");
  expect(link.getAttribute("href")).toBe(`/cash/${ACCOUNT.id}/USD?on=2025-10-13&known=2025-11-01`);
});

test("waiting, none and failing are three things", async () => {
  open(() => new Promise<never>(() => {}));
  expect(await screen.findByRole("status", { name: "Loading cash" })).toBeDefined();
});

test("no cash on a day is said with the day", async () => {
  open(() => HttpResponse.json({ on: "2025-10-13", items: [] }), { on: "2025-10-13" });
  expect(await screen.findByText("No cash on Oct 13, 2025")).toBeDefined();
});

test("a failure can be tried again, and a failed refresh keeps the figures", async () => {
  let isDown = true;
  const { user, queries } = open(() =>
    isDown ? refuse(503, { detail: "not now" }) : HttpResponse.json(CASH),
  );
  await screen.findByText("not now");
  isDown = false;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByTestId("cash", {}, PATIENT);
  isDown = true;
  await queries.invalidateQueries();
  expect(await screen.findByText(/the cash could not be refreshed/)).toBeDefined();
  expect(screen.getByTestId("cash")).toBeDefined();
});

test("cash of a part is asked for as the part it is; where there is none, others may have some", async () => {
  const asked: string[] = [];
  server.use(
    http.get(PATH, ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ ...CASH, items: [] });
    }),
  );
  show(() => (
    <OfSlice slice={sliceOf({ currencies: "EUR", tags: "ira" })}>
      <CashTable account={ACCOUNT.id} moment={{}} />
    </OfSlice>
  ));
  expect(await screen.findByText("No cash of this part", {}, PATIENT)).toBeDefined();
  expect(asked[0]).toBe(`?account_id=${ACCOUNT.id}&currency=EUR&account_tag=ira`);
});
