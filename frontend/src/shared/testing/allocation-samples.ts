import type {
  CheckOut,
  ChecksOut,
  PartHoldingOut,
  PartNodeOut,
  PartsOut,
  TaxonomyOut,
} from "@/shared/api/gen/types.gen";
import { AAPL, WHOLE } from "./samples";

/* Answers about parts of the whole, as the server gives them. */

export const FUND_ID = "0190a000-0000-7000-8000-0000000000ab";
export const [ENERGY, OIL, HEALTH] = [
  "0190a000-0000-7000-8000-0000000000c1",
  "0190a000-0000-7000-8000-0000000000c2",
  "0190a000-0000-7000-8000-0000000000c3",
] as const;

export const node = (key: string, label: string, changes: Partial<PartNodeOut> = {}) =>
  ({
    key,
    parent_key: null,
    level: 1,
    label,
    color_index: 0,
    value: "100",
    own_value: "0",
    negative_value: "0",
    weight_ratio: "0.1",
    holding_count: 1,
    unknown_count: 0,
    ...changes,
  }) satisfies PartNodeOut;

export const part = (nodeKey: string, changes: Partial<PartHoldingOut> = {}) =>
  ({
    node_key: nodeKey,
    instrument_id: AAPL.id,
    account_id: null,
    label: "AAPL",
    name: "Apple Inc",
    asset_class: "equity",
    share_ratio: "1",
    value: "600",
    weight_ratio: "0.6",
    is_looked_through: false,
    unknown_reasons: [],
    ...changes,
  }) satisfies PartHoldingOut;

/** Energy (oil: half of the fund) and health (all of AAPL, the rest of the fund), cash owed. */
export const PARTS: PartsOut = {
  slice: WHOLE,
  as_of: "2026-03-05",
  currency: "USD",
  by: "0190a000-0000-7000-8000-0000000000d1",
  name: "Sectors",
  nav: "1000",
  nodes: [
    node(HEALTH, "Health", { value: "850", weight_ratio: "0.85", holding_count: 2 }),
    node(ENERGY, "Energy", { value: "250", weight_ratio: "0.25", color_index: 1 }),
    node("cash", "Cash", {
      value: "-100",
      weight_ratio: "-0.1",
      negative_value: "-100",
      color_index: null,
    }),
    node(OIL, "Oil", {
      parent_key: ENERGY,
      level: 2,
      value: "250",
      own_value: "250",
      weight_ratio: "0.25",
    }),
  ],
  holdings: [
    part(HEALTH),
    part(HEALTH, {
      instrument_id: FUND_ID,
      label: "FUND",
      name: "A fund",
      share_ratio: "0.5",
      value: "250",
      weight_ratio: "0.25",
      is_looked_through: true,
    }),
    part(OIL, {
      instrument_id: FUND_ID,
      label: "FUND",
      name: "A fund",
      share_ratio: "0.5",
      value: "250",
      weight_ratio: "0.25",
      is_looked_through: true,
    }),
    part("cash", { instrument_id: null, label: "USD cash", name: "", value: "-100" }),
  ],
  looked_through_count: 1,
  conventions: {
    prices: "the last close on or before the day",
    rates: "of the day, or the last within 7 days",
    weights: "of the net asset value of what is shown",
    short_positions: "subtracted",
    calculation_version: "2026.2",
  },
  unknown_count: 0,
  unknowns: [],
  is_recomputing: false,
};

const category = (id: string, name: string, parent: string | null, position: number) => ({
  id,
  name,
  parent_id: parent,
  position,
  color_index: position,
});

export const TAXONOMY: TaxonomyOut = {
  id: "0190a000-0000-7000-8000-0000000000d1",
  name: "Sectors",
  starter: "sectors",
  version: 3,
  categories: [
    category(ENERGY, "Energy", null, 0),
    category(OIL, "Oil", ENERGY, 0),
    category(HEALTH, "Health", null, 1),
  ],
  assignments: [{ instrument_id: AAPL.id, category_id: HEALTH, weight_ratio: "0.6" }],
  instruments: [{ id: AAPL.id, symbol: AAPL.symbol, name: AAPL.name }],
};

export const check = (code: CheckOut["code"], changes: Partial<CheckOut> = {}): CheckOut => ({
  code,
  is_enabled: true,
  unit: "ratio",
  direction: "at_most",
  threshold: "0.6",
  figure: "0.62",
  verdict: "look",
  unknown_reason: null,
  subject: { key: "EUR", label: "EUR" },
  by: "currency",
  taxonomy_id: null,
  taxonomy_name: null,
  amount: null,
  version: null,
  ...changes,
});

export const CHECKS: ChecksOut = {
  as_of: "2026-03-05",
  currency: "USD",
  amount_currency: "USD",
  slice: WHOLE,
  look_count: 1,
  items: [
    check("one_currency"),
    check("emergency_fund", {
      unit: "months",
      direction: "at_least",
      threshold: "3",
      figure: null,
      verdict: "unknown",
      unknown_reason: "spending_not_stated",
      subject: null,
      by: "asset_class",
    }),
    check("stale_prices", {
      unit: "count",
      threshold: "0",
      figure: "0",
      verdict: "ok",
      subject: null,
      by: null,
    }),
  ],
};
