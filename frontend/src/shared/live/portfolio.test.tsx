import { act, cleanup, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { HoldingOut, HoldingsOut } from "@/shared/api/gen/types.gen";
import { enter, leave } from "@/shared/api/session";
import { sliceOf } from "@/shared/slice";
import { show } from "@/shared/testing/render";
import { SESSION, WHOLE } from "@/shared/testing/samples";
import { api, server } from "@/shared/testing/server";
import type { Listener } from "./ladder";
import { live } from "./live";
import { later, movedTo, PART_MS, useLatestHoldings, type PortfolioTold } from "./portfolio";

const ITEM: HoldingOut = {
  instrument_id: "i1",
  symbol: "ZQX",
  name: "Quartz",
  asset_class: "equity",
  currency: "USD",
  quantity: "10",
  price: "100",
  price_date: "2026-03-04",
  price_source: "yahoo",
  is_stale: false,
  stale_reason: null,
  fx_rate: "1",
  market_value: "1000",
  market_value_local: "1000",
  weight_ratio: "0.5",
  cost: "900",
  unrealized_gain: "100",
  unrealized_gain_ratio: "0.1111",
  day_change: "10",
  day_change_ratio: "0.01",
  realized_gain: "0",
  unknown_reasons: [],
};
const PAGE: HoldingsOut = {
  as_of: "2026-03-05",
  currency: "USD",
  slice: WHOLE,
  items: [ITEM],
  cash: [
    {
      currency: "USD",
      amount: "1000",
      fx_rate: "1",
      value: "1000",
      weight_ratio: "0.5",
      unknown_reasons: [],
    },
  ],
  receivables: [],
  total_market_value: "1000",
  total_cash: "1000",
  total_receivable: "0",
  receivable_weight_ratio: "0",
  nav: "2000",
  total_unrealized_gain: "100",
  total_day_change: "10",
  valued_count: 1,
  unknowns: [],
  is_recomputing: false,
  latest: { count: 0, newest_as_of: null, oldest_as_of: null, delay_minutes: null, sources: [] },
};
/** At 104 the ten are 1,040 of 2,040. */
const TOLD: PortfolioTold = {
  as_of: "2026-03-05",
  currency: "USD",
  nav: "2040",
  total_market_value: "1040",
  total_day_change: "40",
  total_unrealized_gain: "140",
  receivable_weight_ratio: "0",
  valued_count: 1,
  latest: {
    count: 1,
    newest_as_of: "2026-03-05T11:30:00Z",
    oldest_as_of: "2026-03-05T11:30:00Z",
    delay_minutes: 15,
    sources: ["yahoo"],
  },
  items: [{ instrument_id: "i1", price: "104", market_value: "1040", weight_ratio: "0.509804" }],
  cash: [{ currency: "USD", weight_ratio: "0.490196" }],
};

test("what is told moves what it is told of, and leaves the rest", () => {
  const moved = movedTo(PAGE, TOLD);
  expect(moved).toMatchObject({ nav: "2040", total_day_change: "40", total_cash: "1000" });
  expect(moved?.items[0]).toEqual({
    ...ITEM,
    price: "104",
    market_value: "1040",
    weight_ratio: "0.509804",
  });
  expect(moved?.cash[0]).toMatchObject({ amount: "1000", weight_ratio: "0.490196" });
});

test("of another currency, or of something else that is held, nothing is moved", () => {
  expect(movedTo(PAGE, { ...TOLD, currency: "EUR" })).toBeNull();
  expect(movedTo(PAGE, { ...TOLD, items: [] })).toBeNull();
  expect(movedTo(PAGE, { ...TOLD, items: [{ instrument_id: "i2" }] })).toBeNull();
});

test("an answer that is older than what was told meanwhile gives way to it", () => {
  expect(later(PAGE, TOLD).nav).toBe("2040");
  expect(later(PAGE, undefined)).toBe(PAGE);
  const newer = {
    ...PAGE,
    nav: "2041",
    latest: { ...TOLD.latest!, newest_as_of: "2026-03-05T11:30:01Z" },
  };
  expect(later(newer, TOLD)).toBe(newer);
  expect(later(PAGE, { ...TOLD, items: [] })).toBe(PAGE);
});

let listener: Listener | undefined;
const left = vi.fn();
const asked: string[] = [];

beforeEach(async () => {
  server.use(
    http.post(api("/auth/log-in"), () => HttpResponse.json(SESSION)),
    http.post(api("/auth/log-out"), () => new HttpResponse(null, { status: 204 })),
  );
  await enter({ email: "ann@example.com", password: "x" });
  vi.useFakeTimers({ shouldAdvanceTime: true });
  listener = undefined;
  left.mockClear();
  asked.length = 0;
  vi.spyOn(live, "listen").mockImplementation((topic, given) => {
    expect(topic).toBe(`portfolio:${SESSION.me.tenant.id}`);
    listener = given;
    return left;
  });
  server.use(
    http.get(api("/holdings"), ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json(PAGE);
    }),
  );
});
afterEach(async () => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
  await leave();
});

function Whole() {
  const { data } = useLatestHoldings({ account: undefined });
  return <p>{data?.nav ?? "waiting"}</p>;
}

function Part() {
  const slice = sliceOf({ currencies: "USD" });
  const { data } = useLatestHoldings({ account: undefined, slice });
  return <p>{data?.nav ?? "waiting"}</p>;
}

test("the page moves as it is told, without asking again", async () => {
  show(() => <Whole />);
  await screen.findByText("2000");
  act(() => {
    listener?.onData("portfolio", TOLD);
  });
  expect(await screen.findByText("2040")).toBeTruthy();
  expect(asked).toEqual(["?prices=latest"]);
  act(() => {
    listener?.onData("something new", { nav: "1" });
  });
  expect(screen.getByText("2040")).toBeTruthy();
  cleanup();
  expect(left).toHaveBeenCalledTimes(1);
});

test("of a part it is asked for again, once for many trades", async () => {
  show(() => <Part />);
  await screen.findByText("2000");
  expect(asked).toEqual(["?currency=USD&prices=latest"]);
  for (const nav of ["2040", "2050"]) listener?.onData("portfolio", { ...TOLD, nav });
  await act(() => vi.advanceTimersByTimeAsync(PART_MS));
  await waitFor(() => {
    expect(asked).toHaveLength(2);
  });
  expect(screen.getByText("2000")).toBeTruthy();
});

test("what may have been missed is asked for again", async () => {
  show(() => <Whole />);
  await screen.findByText("2000");
  listener?.onReload();
  await act(() => vi.advanceTimersByTimeAsync(PART_MS));
  await waitFor(() => {
    expect(asked).toHaveLength(2);
  });
});
