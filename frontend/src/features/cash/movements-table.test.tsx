import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { CashMovementOut } from "@/shared/api/gen/types.gen";
import { settlementRule } from "@/shared/format/settlement";
import { show } from "@/shared/testing/render";
import { ACCOUNT } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { MovementsTable } from "./movements-table";

/** The first page of a file is also the first to be compiled; a busy machine takes its time. */
const PATIENT = { timeout: 4000 };

const CONVERSION: CashMovementOut = {
  transaction_id: "0190a000-0000-7000-8000-0000000000e2",
  kind: "fx_conversion",
  instrument_id: null,
  symbol: null,
  trade_date: "2025-10-14",
  settles_on: "2025-10-16",
  settlement_rule: "spot T+2",
  unknown_reason: null,
  amount: "-100",
  balance: "898.5",
  other_currency: "EUR",
  other_amount: "90",
};
const DEPOSIT: CashMovementOut = {
  ...CONVERSION,
  transaction_id: "0190a000-0000-7000-8000-0000000000e3",
  kind: "deposit",
  trade_date: "2025-10-01",
  settles_on: "2025-10-01",
  settlement_rule: "same day",
  amount: "998.5",
  balance: "998.5",
  other_currency: null,
  other_amount: null,
};

function open(answer: (query: URLSearchParams) => Response, moment = {}) {
  const asked: string[] = [];
  server.use(
    http.get(api("/cash/movements"), ({ request }) => {
      const { search, searchParams } = new URL(request.url);
      asked.push(search);
      return answer(searchParams);
    }),
  );
  const page = () => <MovementsTable account={ACCOUNT.id} currency="USD" moment={moment} />;
  return { ...show(page), asked };
}
const page = (items: CashMovementOut[], next: string | null = null) =>
  HttpResponse.json({ items, next_cursor: next, has_more: next !== null });

test("a conversion shows both of its legs, and each movement the balance after it", async () => {
  open(() => page([CONVERSION, DEPOSIT]));
  const [, first, second] = within(
    await screen.findByTestId("movements", {}, PATIENT),
  ).getAllByRole("row");
  expect(first?.textContent).toContain("Fx conversion into €90.00");
  expect(first?.textContent).toContain("−$100.00");
  expect(first?.textContent).toContain("$898.50");
  expect(first?.textContent).toContain("Oct 16, 2025");
  expect(second?.textContent).toContain("same day");
  const link = screen.getByRole("link", { name: "Deposit" });
  expect(link.getAttribute("href")).toBe(`/transactions/${DEPOSIT.transaction_id}`);
});

test("earlier ones are asked for by their cursor, of the same day and knowledge", async () => {
  const { user, asked } = open(
    (query) => (query.has("cursor") ? page([DEPOSIT]) : page([CONVERSION], "next")),
    { on: "2025-10-20", known: "2025-11-01" },
  );
  await user.click(await screen.findByRole("button", { name: "Show earlier movements" }));
  expect(await screen.findByText("Deposit")).toBeDefined();
  expect(asked[1]).toContain("to=2025-10-20");
  expect(asked[1]).toContain("as_known_on=2025-11-01");
  expect(asked[1]).toContain("cursor=next");
});

test("nothing moved is said, and a failure is no emptiness", async () => {
  let isDown = true;
  const { user } = open(() => (isDown ? refuse(503, { detail: "not now" }) : page([])));
  await screen.findByText("not now");
  isDown = false;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Nothing moved")).toBeDefined();
});

test.each([
  ["US T+1", "one business day after the trade in the United States"],
  ["EU T+2", "2 business days after the trade in the euro area"],
  ["spot T+2", "2 business days on which the banks of both currencies work"],
  ["crypto T+0", "on the day of the trade"],
  ["stated", "as the broker states"],
  ["same day", "same day"],
])("the rule %s in words", (rule, inWords) => {
  expect(settlementRule(rule)).toBe(inWords);
});
