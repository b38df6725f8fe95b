import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { LotOut, WhatIfIn, WhatIfSoldOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { explained } from "@/shared/testing/explained";
import { AAPL, ACCOUNT } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { WhatIfPanel } from "./what-if-panel";

const LOT: LotOut = {
  id: "0190a000-0000-7000-8000-0000000000e1",
  account_id: ACCOUNT.id,
  account_name: ACCOUNT.name,
  instrument_id: AAPL.id,
  transaction_id: "0190a000-0000-7000-8000-0000000000e2",
  acquired_date: "2012-01-03",
  quantity: "30",
  cost: "1200",
  cost_per_unit: "40",
  currency: "USD",
  is_short: false,
  is_long_term: true,
  unknown_reason: null,
};

const ANSWER: WhatIfSoldOut = {
  account_id: ACCOUNT.id,
  instrument_id: AAPL.id,
  quantity: "10",
  proceeds: "449",
  currency: "USD",
  day: "2013-03-01",
  identify_by: "2026-03-06",
  account_method: "hifo",
  proceeds_explained: explained("449", ["Units × price", "450"], ["Costs", "-1"]),
  outcomes: [
    {
      method: "fifo",
      gain: "149",
      short_term_gain: "0",
      long_term_gain: "149",
      closes: [
        {
          lot_id: LOT.id,
          transaction_id: LOT.transaction_id,
          acquired_date: "2012-01-03",
          quantity: "10",
          cost: "300",
          proceeds: "449",
          gain: "149",
          term: "long",
        },
      ],
      explained: {
        gain: explained("149", ["Lot of 2012-01-03", "149"]),
        short_term_gain: explained("0"),
        long_term_gain: explained("149", ["Lot of 2012-01-03", "149"]),
      },
    },
    {
      method: "hifo",
      gain: null,
      short_term_gain: null,
      long_term_gain: "0",
      closes: [],
      explained: {
        gain: explained(null),
        short_term_gain: explained(null),
        long_term_gain: explained("0"),
      },
    },
  ],
};

const open = (lots: LotOut[] = [LOT]) =>
  show(() => <WhatIfPanel instrumentId={AAPL.id} lots={lots} price="45" />).user;

test("each method says its gain by term, and opens to the lots it would take", async () => {
  const asked: WhatIfIn[] = [];
  server.use(
    http.post(api("/lots/what-if"), async ({ request }) => {
      asked.push((await request.json()) as WhatIfIn);
      return HttpResponse.json(ANSWER);
    }),
  );
  const user = open();
  await user.type(await screen.findByLabelText("Units"), "10");
  await user.type(screen.getByLabelText("Fee (optional)"), "1");
  await user.click(screen.getByRole("button", { name: "Compare methods" }));

  const table = await screen.findByTestId("what-if");
  expect(asked).toEqual([
    { account_id: ACCOUNT.id, instrument_id: AAPL.id, quantity: "10", price: "45", fee: "1" },
  ]);
  expect(within(table).getAllByText("+$149.00")).toHaveLength(2);
  const own = within(table).getByText("this account’s method").closest("tr") as HTMLElement;
  expect(own.textContent).toContain("Highest cost first");
  expect(own.textContent).toContain("unknown: the cost of some units is not known");

  const fifo = within(table).getByRole("button", { name: "First in, first out" });
  expect(fifo.getAttribute("aria-expanded")).toBe("false");
  await user.click(fifo);
  within(table).getByText("10 of Jan 3, 2012");
  expect(within(table).getByText(/long-term, cost/).textContent).toContain("$300.00");

  // the explanation came with the answer: nothing is asked for
  await user.click(screen.getByRole("button", { name: /Why: Proceeds/ }));
  const panel = await screen.findByRole("dialog");
  expect(panel.textContent).toContain("Units × price");
  expect(panel.textContent).toContain("$450.00");
});

test("a refusal stands beside its field and keeps what was typed", async () => {
  server.use(
    http.post(api("/lots/what-if"), () =>
      refuse(422, {
        errors: [{ pointer: "/body/quantity", detail: "is above zero and at most the 30 held" }],
      }),
    ),
  );
  const user = open();
  const units = await screen.findByLabelText<HTMLInputElement>("Units");
  await user.type(units, "31");
  await user.click(screen.getByRole("button", { name: "Compare methods" }));

  await screen.findByText("is above zero and at most the 30 held");
  expect(units.value).toBe("31");
  expect(units.getAttribute("aria-invalid")).toBe("true");
});

test("only what is held long in an account can be sold, and the account is asked for", async () => {
  const elsewhere = { ...LOT, id: "e3", account_id: "a2", account_name: "Elsewhere" };
  open([LOT, elsewhere, { ...LOT, id: "e4", account_id: "a3", is_short: true }]);
  const select = await screen.findByLabelText("Account");
  expect(
    within(select)
      .getAllByRole("option")
      .map(({ textContent }) => textContent),
  ).toEqual([ACCOUNT.name, "Elsewhere"]);
});
