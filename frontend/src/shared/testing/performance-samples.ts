import { http, HttpResponse } from "msw";
import type { MonthlyOut, RollingOut, WaterfallOut } from "@/shared/api/gen/types.gen";
import { AAPL, CONVENTIONS, PERFORMANCE, PURCHASE, WHOLE } from "./samples";
import { api, pageOf } from "./server";

export const CHANGE: WaterfallOut = {
  slice: WHOLE,
  currency: "USD",
  as_of: "2013-03-01",
  from_date: "2013-02-28",
  to_date: "2013-03-01",
  opening_nav: "1000",
  closing_nav: "1085",
  price_result: "60",
  bars: [
    {
      bar: "deposits",
      amount: "25",
      reasons: [],
      is_remainder: false,
      record_count: 1,
      records: [
        {
          transaction_id: PURCHASE.id,
          day: "2013-03-01",
          kind: "deposit",
          symbol: null,
          amount: "25",
          reason: null,
        },
      ],
    },
    {
      bar: "unrealized",
      amount: "60",
      reasons: [],
      is_remainder: true,
      record_count: 0,
      records: [],
    },
  ],
  reason: null,
  unknowns: [],
  calculation_version: "1",
  is_recomputing: false,
};

const part = (month: number, ratio: string | null, reason: string | null = null) => ({
  month,
  from_date: "2013-01-31",
  to_date: "2013-02-28",
  ratio,
  is_partial: false,
  reason,
});
export const MONTHS: MonthlyOut = {
  slice: WHOLE,
  currency: "USD",
  as_of: "2013-03-01",
  from_date: "2013-01-31",
  to_date: "2013-03-01",
  total: PERFORMANCE.time_weighted,
  years: [
    {
      year: 2013,
      months: [part(1, "0.031"), part(2, null, "value_unknown")],
      whole: { ...part(2, "-0.021"), is_partial: true },
    },
  ],
  conventions: CONVENTIONS,
  is_recomputing: false,
};
export const ROLLING: RollingOut = {
  slice: WHOLE,
  currency: "USD",
  as_of: "2013-03-01",
  window_months: 12,
  observation_count: 2,
  lowest_ratio: "-0.1",
  median_ratio: "0",
  highest_ratio: "0.1",
  reason: null,
  items: [
    { as_of: "2013-02-28", ratio: "-0.1", annualized_ratio: "-0.1" },
    { as_of: "2013-03-01", ratio: "0.1", annualized_ratio: "0.1" },
  ],
  conventions: CONVENTIONS,
  is_decimated: false,
  is_recomputing: false,
};

/** What every page of returns asks, answered plainly. */
export const RETURNS = [
  http.get(api("/accounts"), () => HttpResponse.json(pageOf([]))),
  http.get(api("/benchmarks"), () => HttpResponse.json({ items: [] })),
  http.get(api("/taxonomies"), () => HttpResponse.json({ items: [], starters: [] })),
  http.get(api("/performance/monthly"), () => HttpResponse.json(MONTHS)),
  http.get(api("/performance/rolling"), () => HttpResponse.json(ROLLING)),
  http.get(api("/instruments"), () => HttpResponse.json(pageOf([AAPL]))),
];
export const change = (parts: object = {}) =>
  http.get(api("/performance/waterfall"), () => HttpResponse.json({ ...CHANGE, ...parts }));
