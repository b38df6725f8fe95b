import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test, vi } from "vitest";
import type { HoldingsOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { WHOLE } from "@/shared/testing/samples";
import { server } from "@/shared/testing/server";
import { AsKnown, KnownControl } from "@/shared/ui/known";
import { HoldingsTable } from "./holdings-table";

const ONLY_CASH: HoldingsOut = {
  slice: WHOLE,
  as_of: "2013-03-04",
  currency: "USD",
  items: [],
  cash: [
    {
      currency: "USD",
      amount: "500",
      fx_rate: "1",
      value: "500",
      weight_ratio: "1",
      unknown_reasons: [],
    },
  ],
  receivables: [],
  total_receivable: "0",
  receivable_weight_ratio: "0",
  total_market_value: "0",
  total_cash: "500",
  nav: "500",
  total_unrealized_gain: "0",
  total_day_change: "0",
  valued_count: 0,
  unknowns: [],
  is_recomputing: false,
};

function page(known: string | undefined) {
  const seen: string[] = [];
  server.use(
    http.get("http://localhost/api/v1/holdings", ({ request }) => {
      seen.push(new URL(request.url).searchParams.get("as_known_on") ?? "now");
      return HttpResponse.json(ONLY_CASH);
    }),
  );
  const change = vi.fn();
  const { user } = show(() => (
    <AsKnown known={known} onChange={change}>
      <HoldingsTable account={undefined} />
      <KnownControl known={known} onChange={change} />
    </AsKnown>
  ));
  return { seen, change, user };
}

test("a page asks for the day it says, and leads back to today", async () => {
  const { seen, change, user } = page("2013-03-04");
  expect(await screen.findByText(/stood at the end of Mon, Mar 4, 2013/)).toBeTruthy();
  await screen.findByRole("table");
  expect(seen).toEqual(["2013-03-04"]);
  await user.click(screen.getByRole("button", { name: "Back to today" }));
  expect(change).toHaveBeenCalledWith({ known: undefined });
});

test("without a day nothing is said, and the way there is at hand", async () => {
  const { seen, change, user } = page(undefined);
  await screen.findByRole("table");
  expect(seen).toEqual(["now"]);
  expect(screen.queryByText(/stood at the end/)).toBeNull();
  await user.click(screen.getByText("As it was known on a day"));
  await user.type(screen.getByLabelText("As known on"), "2013-03-04");
  expect(change).toHaveBeenLastCalledWith({ known: "2013-03-04" });
});
