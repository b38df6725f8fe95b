import type {
  CalendarItemOut,
  CalendarOut,
  IncomeConventionsOut,
  IncomeOut,
  ProjectionOut,
  YieldsOut,
} from "@/shared/api/gen/types.gen";
import { AAPL, ACCOUNT, PURCHASE, WHOLE } from "./samples";

/* Answers about income, as the server gives them. */

const CONVENTIONS: IncomeConventionsOut = {
  rate_of: "the day cash moved",
  dated_by: "the day cash moved",
  estimates: "the last regular amount",
  late_after_days: 45,
  withholding: "as seen",
  yields: "before tax",
  holding_test: "US",
  calculation_version: "2026.1",
};

export const amounts = (net: string | null, reasons: string[] = []) => ({
  gross: net === null ? null : "100",
  withheld: net === null ? null : "15",
  fee: "0",
  net,
  count: 1,
  reasons,
});

const group = (key: string, label: string) => ({ key, label, amounts: amounts("85") });

export const INCOME: IncomeOut = {
  slice: WHOLE,
  currency: "USD",
  as_of: "2026-03-05",
  from_date: "2025-03-06",
  to_date: "2026-03-05",
  total: amounts("85"),
  kinds: [group("dividend", "Dividends")],
  months: [group("2025-09", "2025-09")],
  years: [group("2025", "2025")],
  instruments: [group(AAPL.id, "AAPL")],
  accounts: [group(ACCOUNT.id, ACCOUNT.name)],
  payments: [
    {
      transaction_id: PURCHASE.id,
      account_id: ACCOUNT.id,
      instrument_id: AAPL.id,
      symbol: "AAPL",
      kind: "dividend",
      classification: null,
      paid_on: "2025-09-20",
      ex_date: "2025-09-10",
      currency: "USD",
      gross: "100",
      withheld: "15",
      fee: "0",
      net: "85",
      net_in_base: "85",
      reason: null,
      holding_test: {
        units_enough: "80",
        units_not_yet: "20",
        units_too_short: "0",
        enough_on: "2026-04-04",
        reason: null,
        rule: "61_of_121",
        lots: [],
      },
    },
  ],
  payment_count: 1,
  conventions: CONVENTIONS,
};

const item = (parts: Partial<CalendarItemOut>): CalendarItemOut => ({
  state: "estimated",
  day: "2026-06-20",
  ex_date: "2026-06-10",
  pay_date: "2026-06-20",
  account_id: ACCOUNT.id,
  instrument_id: AAPL.id,
  symbol: "AAPL",
  kind: "dividend",
  currency: "USD",
  per_unit: "0.25",
  units: "100",
  gross: "25",
  withheld: "0",
  net: "25",
  net_in_base: "25",
  reason: null,
  is_net_known: false,
  is_overdue: false,
  is_special: false,
  is_reinvested: false,
  basis: "last_regular",
  transaction_id: null,
  event_id: null,
  holding_test: null,
  ...parts,
});

export const CALENDAR: CalendarOut = {
  slice: WHOLE,
  currency: "USD",
  as_of: "2026-03-05",
  from_date: "2025-03-06",
  to_date: "2027-03-05",
  months: [
    { month: "2025-09", paid: "85", declared: "0", estimated: "0" },
    { month: "2026-03", paid: "0", declared: "30", estimated: "0" },
    { month: "2026-06", paid: "0", declared: "0", estimated: null },
  ],
  items: [
    item({
      ...{ state: "paid", day: "2025-09-20", transaction_id: PURCHASE.id },
      ...{ is_net_known: true, basis: null },
    }),
    item({
      ...{ state: "declared", day: "2025-12-20", ex_date: "2025-12-10" },
      ...{ is_overdue: true, basis: null },
    }),
    item({
      ...{ state: "declared", day: "2026-03-25", ex_date: "2026-03-12" },
      ...{ net_in_base: "30", basis: null },
    }),
    item({ net_in_base: null, reason: "fx_missing:THB" }),
  ],
  item_count: 4,
  conventions: CONVENTIONS,
};

export const PROJECTION: ProjectionOut = {
  slice: WHOLE,
  currency: "USD",
  as_of: "2026-03-05",
  through_date: "2027-03-05",
  total: amounts("120"),
  declared: amounts("30"),
  estimated: amounts("90"),
  interest: { ...amounts("0"), count: 0 },
  months: [],
  instruments: [],
  stopped: [AAPL.id],
  without_history_count: 0,
  is_net_known: false,
  is_any_reinvested: false,
  conventions: CONVENTIONS,
};

export const YIELDS: YieldsOut = {
  slice: WHOLE,
  currency: "USD",
  as_of: "2026-03-05",
  trailing: { ratio: "0.05", reason: null },
  forward: { ratio: "0.06", reason: null },
  on_cost: { ratio: null, reason: "cost_unknown" },
  trailing_income: "100",
  forward_income: "120",
  without_history_count: 1,
  items: [
    {
      instrument_id: AAPL.id,
      symbol: "AAPL",
      name: "Apple Inc",
      units: "100",
      currency: "USD",
      market_value: "2000",
      trailing_per_unit: "1",
      forward_per_unit: null,
      frequency: 4,
      trailing: { ratio: "0.05", reason: null },
      forward: { ratio: null, reason: "payments_stopped" },
      on_cost: { ratio: "0.1", reason: null },
      source: "events",
      is_price_stale: false,
    },
  ],
  conventions: CONVENTIONS,
};
