import { words } from "./format";

/** Why a figure is not known, in words. */
export const UNKNOWN_REASONS: Readonly<Record<string, string>> = {
  price_missing: "no price is known",
  less_than_a_year: "the span is shorter than a year",
  fx_missing: "no exchange rate within seven days",
  cost_unknown: "the cost of some units is not known",
  fx_missing_at_acquisition: "no exchange rate for the day of purchase",
  no_capital: "nothing was invested on a day of this span",
  settlement_market_unknown: "nobody says on which market this trades, so when it settles",
  settlement_cycle_unknown: "how long that market took to settle then is not known",
  settlement_calendar_unknown: "the days on which those banks work are not known",
  value_unknown: "the value on a day of this span is not known",
  price_stale: "the last price is older than a week",
  old: "the last price is older than a week",
  delisted: "it is no longer traded, and this is its last price",
  no_earlier_price: "there is no earlier price to compare with",
  nothing_to_divide_by: "there is nothing to divide by",
  currency_mixed: "units were bought in several currencies",
  record_missing: "the record it came from is not there",
  no_snapshot: "nothing was worked out for that day yet",
  negative_value: "more was owed than there was on a day of this span",
  total_loss: "nothing was left of what was invested",
  span_shorter_than_window: "the span is shorter than the window",
  values_recomputing: "values are being worked out again",
  benchmark_exhausted: "more was taken out than the benchmark would have held",
  series_missing: "nothing of this series was published, or fetched, for these days",
  adjustment_undefined: "an event of the benchmark has no known value",
  gross_is_time_weighted: "returns before costs are told time-weighted only",
  no_solution: "no rate makes the flows add up",
  rate_unknown: "nothing was paid, so there is no rate",
  settlement_unknown: "no rule says when it settles",
  too_few_returns: "there are too few daily returns to measure it",
  no_variation: "the returns did not vary",
  no_shortfall: "no return fell short",
  no_drawdown: "it never fell",
  benchmark_constant: "the benchmark did not move",
  benchmark_never_rose: "the benchmark never rose",
  benchmark_never_fell: "the benchmark never fell",
  same_as_benchmark: "it moved exactly as the benchmark did",
  no_benchmark: "no benchmark is chosen",
  irregular_days: "prices come too irregularly to say it for a year",
  nothing_held: "nothing is held",
  fewer_than_two_holdings: "fewer than two instruments are held",
  no_dividends_known: "nothing is known to have been paid",
  no_regular_dividends: "only special dividends are known",
  payments_stopped: "the next payment is long overdue",
  nothing_expected: "no payment is expected then",
  in_lieu_never_qualifies: "payments in lieu never qualify",
  classified_ordinary: "the broker says it is ordinary",
  account_not_taxable: "the account is not taxed",
  ex_date_unknown: "its ex-date is not known",
  dividend_period_unknown: "how long a period this dividend is for is not known",
  no_lots_known: "no lots were held on its ex-date",
  no_taxonomy: "no taxonomy is there to go by",
  nothing_classified: "nothing that is held is in a category",
  spending_not_stated: "say what you spend in a month",
  more_owed_than_owned: "more is owed than there is",
  offline: "this installation asks nobody",
  no_provider: "no provider tells of it",
  nobody_answered: "no provider answered",
  deadline: "no provider answered in time",
  not_found: "it is not known",
  out_of_range: "the figure is too large to show",
};

/** Reason codes in words; undefined when there is nothing to explain. */
export function reasonText(codes: readonly string[]): string | undefined {
  if (codes.length === 0) return undefined;
  return codes.map((code) => UNKNOWN_REASONS[code] ?? plain(code)).join("; ");
}

type Measured = { reason: string | null };

/** Why the gain of a span, or what was paid in and out, is not known: what keeps its returns unknown. */
export const gainReason = (of: { time_weighted: Measured; money_weighted: Measured }) =>
  reasonOf(of.time_weighted.reason ?? of.money_weighted.reason ?? "value_unknown");

/** A reason that comes as a code or, from some answers, as a sentence. */
export const reasonOf = (reason: string | null): string | undefined =>
  reason === null ? undefined : (UNKNOWN_REASONS[reason] ?? reason);

/** A code nobody wrote words for: still readable, and a test asks for the words. */
function plain(code: string): string {
  return words(code).toLowerCase();
}
