/** What the fields of answers are called on the page of a report, in the order they are read. */
// prettier-ignore
const WORDS: Readonly<Record<string, string>> = {
  // values and gains
  as_of: "as of", opening_nav: "value at the beginning", closing_nav: "value at the end",
  nav: "net asset value", gain: "gain", net_flows: "paid in less taken out",
  quantity: "units", units: "units", price: "price", external_flow: "paid in or out", net_contributions: "paid in so far", market_value: "market value",
  market_value_local: "market value, in its own currency", cost: "cost",
  unrealized_gain: "unrealized gain", unrealized_gain_ratio: "unrealized gain, in percent",
  realized_gain: "realized gain", day_change: "day change", day_change_ratio: "day change, in percent",
  total_market_value: "market value", total_cash: "cash", total_receivable: "income due",
  total_unrealized_gain: "unrealized gain", total_day_change: "day change",
  weight_ratio: "weight", receivable_weight_ratio: "weight of income due",
  average_weight_ratio: "average weight", price_date: "price of", price_source: "price from", price_as_of: "traded at",
  delay_minutes: "told so many minutes late", latest: "latest trades", newest_as_of: "newest trade", oldest_as_of: "oldest trade", sources: "told by", is_stale: "price is old",
  stale_reason: "why it is old", is_price_stale: "price is old", fx_rate: "exchange rate",
  valued_count: "holdings with a value", cash: "cash", receivables: "income due", items: "lines",
  price_result: "result of prices", bars: "bars", bar: "bar", amount: "amount", value: "value",
  record_count: "records", records: "records", lots: "lots", until: "until",
  // days and spans
  from_date: "from", to_date: "to", first_date: "first day", last_date: "last day",
  day_count: "days", day: "day", month: "month", point_count: "days with a value",
  broken_on: "ends on", broken_reason: "why it ends", through_date: "up to",
  is_decimated: "only some days are listed", is_recomputing: "was being worked out",
  // returns
  time_weighted: "time-weighted return", money_weighted: "money-weighted return", ratio: "in percent",
  annualized_ratio: "for a year", max_drawdown: "worst fall", peak_date: "height on",
  trough_date: "depth on", recovery_date: "recovered on", days_down: "days of falling",
  days_to_recover: "days to recover", drawdown_ratio: "fall", return_ratio: "return",
  benchmark: "benchmark", benchmark_return_ratio: "return of the benchmark",
  benchmark_ratio: "return of the benchmark", basis: "basis", same_flows_closing: "same money in it",
  same_flows_difference: "better than that by", same_flows_ratio: "same money in it, a year",
  same_flows_reason: "why that is not known", return_reason: "why the return is not known",
  excess_ratio: "more than the benchmark", method: "method", status: "how far it is known",
  flow_timing: "flows count at", gaps: "gaps", fees: "fees", taxes: "taxes",
  annualized_from_days: "told for a year from, in days", sub_periods: "spans",
  calculation_version: "version",
  // risk
  return_count: "returns", least_count: "returns it needs", frequency: "returns are",
  periods_per_year: "returns in a year", risk_free_ratio: "risk-free rate",
  risk_free_source: "risk-free rate from", confidence_ratio: "confidence", window: "window",
  past_tail: "tail of the past", held_tail: "tail of what is held", value_at_risk: "value at risk",
  expected_shortfall: "expected shortfall", parametric: "value at risk of a normal curve",
  metrics: "figures", histogram: "histogram", worst_days: "worst days", rolling: "rolling windows",
  correlations: "correlations", rows: "correlations", from_ratio: "from", to_ratio: "to",
  volatility: "volatility", sharpe: "Sharpe ratio", beta: "beta", formula: "formula",
  inputs: "made from", unit: "unit", formulas: "formulas", loss_sign: "losses are",
  measures: "measured on", of: "of", quantile_method: "rule of quantiles",
  risk_free_currency: "risk-free rate in", tail_horizon: "tails are of",
  // attribution
  by: "by", groups: "groups", comparison: "beside the benchmark", portfolio_ratio: "portfolio",
  rebalancing: "rebalanced", residual_ratio: "not explained", total_ratio: "all together",
  contribution_ratio: "contribution", local_ratio: "of prices", currency_ratio: "of the currency",
  allocation_ratio: "allocation", selection_ratio: "selection", interaction_ratio: "interaction",
  members: "members", split_members: "of members in several groups",
  cross_ratio: "of both", holding: "holding", is_remainder: "all others",
  // income
  received: "received", projection: "twelve months to come", yields: "yields",
  paid_on: "paid on", ex_date: "ex-date", kind: "kind", classification: "classified as",
  paid: "paid", total: "all together", declared: "declared", estimated: "estimated",
  interest: "interest", amounts: "amounts", gross: "before tax", withheld: "tax withheld", fee: "fee",
  net: "after tax", net_in_base: "after tax, in one currency", count: "number",
  payment_count: "payments", payments: "payments",
  kinds: "kinds", months: "months", years: "years", instruments: "instruments", accounts: "accounts",
  stopped: "payments that stopped", trailing: "trailing yield",
  forward: "forward yield", on_cost: "yield on cost", trailing_income: "income of the year before",
  forward_income: "income of a year to come", trailing_per_unit: "for a unit, the year before",
  forward_per_unit: "for a unit, a year to come", source: "known from", is_net_known: "tax is known",
  is_any_reinvested: "some is reinvested", without_history_count: "holdings nothing is known of",
  holding_test: "held long enough", rule: "rule", days_held: "days held", enough_on: "enough on",
  units_enough: "units held long enough", units_not_yet: "units not yet held long enough",
  units_too_short: "units not held long enough", acquired_date: "acquired", closed_date: "closed",
  // how it was worked out
  conventions: "how it was worked out", rate_of: "rates of", dated_by: "dated by",
  estimates: "estimated by", late_after_days: "late after, in days", withholding: "tax expected",
  slice: "part of the portfolio", is_everything: "all of it", account_ids: "accounts",
  account_groups: "account groups", account_tags: "account tags", instrument_ids: "instruments",
  asset_classes: "asset classes", currencies: "currencies", category_ids: "categories",
  unclassified_in: "not classified in", unknowns: "not known", reason: "why it is not known",
  reasons: "why it is not known", reason_code: "reason", unknown_reasons: "not known",
  message: "what is not known",
  // names
  symbol: "symbol", name: "name", label: "name", key: "key", asset_class: "asset class",
  currency: "currency", account_id: "account", instrument_id: "instrument",
  transaction_id: "record", event_id: "event", lot_id: "lot", benchmark_id: "benchmark",
};

/** Codes that stand for what has a name of its own. */
// prettier-ignore
const CODES: Readonly<Record<string, string>> = {
  deposits: "paid in", withdrawals: "taken out", realized: "realized gains",
  unrealized: "unrealized gains", fx: "exchange rates", sharpe: "Sharpe ratio",
  sortino: "Sortino ratio", calmar: "Calmar ratio", treynor: "Treynor ratio",
};

/** A code in words. */
export const codeText = (code: string): string => CODES[code] ?? code.replaceAll("_", " ");

/** What names a line stands first in it. */
const FIRST = ["symbol", "label", "name", "as_of", "month", "bar", "paid_on", "day"];

/** What a field is called; one nobody named yet is at least no code. */
export const wordOf = (name: string): string => WORDS[name] ?? name.replaceAll("_", " ");

const ORDER: ReadonlyMap<string, number> = new Map(
  [...FIRST, ...Object.keys(WORDS).filter((name) => !FIRST.includes(name))].map((name, at) => [
    name,
    at,
  ]),
);

/** Places in the order they are read. */
export function inOrder(one: string, other: string): number {
  const [left, right] = [one, other].map((place) => place.slice(1).split("/"));
  for (const [at, name] of (left ?? []).entries()) {
    const beside = right?.[at];
    if (beside === undefined) return 1;
    const apart = (ORDER.get(name) ?? ORDER.size) - (ORDER.get(beside) ?? ORDER.size);
    if (apart !== 0) return apart;
  }
  return 0;
}

export const hasWord = (name: string): boolean => name in WORDS;

/** A place in an answer as a path of words: "/items/0/quantity" is "lines › 1 › units". */
export const placeText = (pointer: string): string =>
  pointer
    .slice(1)
    // "time-weighted return" says that it is a ratio
    .replace(/(?<=\D)\/ratio$/, "")
    .replace(/^amounts\//, "")
    .split("/")
    .map((part) =>
      /^\d+$/.test(part) ? String(Number(part) + 1) : wordOf(part.replaceAll("~1", "/")),
    )
    .join(" › ");

/** The field a place ends in; of a line its list. */
export const fieldOf = (pointer: string): string =>
  pointer.split("/").findLast((part) => !/^\d+$/.test(part)) ?? "";
