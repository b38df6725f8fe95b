import { words } from "@/shared/format/format";

/** Why a record in the ledger wants a person's eye. */
export const REVIEW_REASONS: Readonly<Record<string, string>> = {
  cost_unknown: "the units arrived without a cost",
  currency_differs: "its currency is not the one the units were bought in",
  exchange_unpaired: "an exchange of units whose other side is missing",
  exchange_with_cash: "an exchange of units that also moved cash",
  fraction_lost: "a lot too small for the ratio was dropped",
  lot_not_held: "it names a lot that was not held; the rule of the account chose instead",
  more_than_held: "more units left than were held",
  nothing_held: "it is about units that were not held",
  premium_not_folded: "the option's premium stays with the option",
  ratio_unknown: "the ratio of the split is not known",
  return_exceeds_cost: "more capital was returned than the units had cost",
  short_against_holding: "it sold short while units were held; those were sold first",
  sold_more_than_held: "more was sold than was held; the rest is a short position",
  units_unknown: "the instrument or the number of units is not stated",
  unknown_kind: "an action we do not know; only its cash counts",
};

export const reviewReason = (code: string): string =>
  REVIEW_REASONS[code] ?? words(code).toLowerCase();
