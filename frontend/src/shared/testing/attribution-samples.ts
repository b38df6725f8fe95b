import { http, HttpResponse } from "msw";
import type { AttributionOut, TradesOut } from "@/shared/api/gen/types.gen";
import { AAPL, CONVENTIONS, PURCHASE, WHOLE } from "./samples";
import { api, pageOf } from "./server";

export const ATTRIBUTION: AttributionOut = {
  currency: "USD",
  as_of: "2013-03-01",
  from_date: "2013-02-28",
  to_date: "2013-03-01",
  by: "asset_class",
  slice: WHOLE,
  total_ratio: "0.056",
  gain: "56",
  residual_ratio: "0",
  reason: null,
  groups: [
    {
      key: "equity",
      label: "Equity",
      gain: "48",
      contribution_ratio: "0.048",
      local_ratio: "0.05",
      currency_ratio: "-0.0015",
      cross_ratio: "-0.0005",
      average_weight_ratio: "0.6",
      return_ratio: "0.08",
      return_reason: null,
      reasons: [],
    },
    {
      key: "bond",
      label: "Bond",
      gain: null,
      contribution_ratio: null,
      local_ratio: null,
      currency_ratio: null,
      cross_ratio: null,
      average_weight_ratio: null,
      return_ratio: null,
      return_reason: "value_unknown",
      reasons: ["price_missing"],
    },
  ],
  comparison: null,
  unknowns: [],
  method: "daily",
  conventions: CONVENTIONS,
  calculation_version: "2026.1",
  is_recomputing: false,
};
export const TRADES: TradesOut = {
  currency: "USD",
  as_of: "2013-03-01",
  from_date: null,
  to_date: "2013-03-01",
  slice: WHOLE,
  trade_count: 1,
  total: "57",
  total_ratio: "0.057",
  residual: "3",
  residual_ratio: "0.003",
  gain: "60",
  gain_ratio: "0.06",
  average_capital: "1000",
  best: [
    {
      transaction_id: PURCHASE.id,
      account_id: PURCHASE.account_id,
      day: "2013-02-28",
      kind: "buy",
      instrument_id: AAPL.id,
      symbol: "AAPL",
      quantity: "6",
      realized: "16",
      unrealized: "32",
      income: "9",
      total: "57",
      capital_ratio: "0.057",
      reasons: [],
    },
  ],
  worst: [],
  unknown: [],
  calculation_version: "2026.1",
  is_recomputing: false,
};
export const SECTORS = "0192f0c0-0000-7000-8000-0000000000aa";
export const REGIONS = "0192f0c0-0000-7000-8000-0000000000bb";
export const TAXONOMIES = {
  items: [
    { id: SECTORS, name: "Sectors", version: 1, starter: null },
    { id: REGIONS, name: "Regions", version: 1, starter: null },
  ],
  starters: [],
};

/** What the page of attribution asks beside the attribution itself. */
export const BESIDE = [
  http.get(api("/attribution/trades"), () => HttpResponse.json(TRADES)),
  http.get(api("/accounts"), () => HttpResponse.json(pageOf([]))),
  http.get(api("/benchmarks"), () => HttpResponse.json({ items: [] })),
  http.get(api("/taxonomies"), () => HttpResponse.json(TAXONOMIES)),
  http.get(`${api("/taxonomies")}/:id`, ({ params }) =>
    HttpResponse.json({
      ...TAXONOMIES.items.find((one) => one.id === params["id"]),
      categories: [],
      assignments: [],
      instruments: [],
    }),
  ),
  http.get(api("/instruments"), () => HttpResponse.json(pageOf([AAPL]))),
  http.get(`${api("/instruments")}/${AAPL.id}`, () =>
    HttpResponse.json({ ...AAPL, delisted_on: null, aliases: [] }),
  ),
];
