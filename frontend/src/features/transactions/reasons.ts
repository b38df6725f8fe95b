import { words } from "@/shared/format/format";

/** Why a record in the ledger wants a person's eye. */
export const REVIEW_REASONS: Readonly<Record<string, string>> = {
  basis_fraction_unknown: "which part of the cost came along is not stated",
  cost_unknown: "the units arrived without a cost",
  currency_differs: "its currency is not the one the units were bought in",
  exchange_unpaired: "an exchange of units whose other side is missing",
  exchange_value_unknown: "the value of the units received in the exchange is not stated",
  fraction_lost: "a lot too small for the ratio was dropped",
  lot_not_held: "it names a lot that was not held; the rule of the account chose instead",
  more_than_held: "more units left than were held",
  nothing_held: "it is about units that were not held",
  premium_not_folded: "the option's premium stays with the option",
  premium_unknown: "what the option cost is not known",
  ratio_unknown: "the ratio of the split is not known",
  short_against_holding: "it sold short while units were held; those were sold first",
  sold_more_than_held: "more was sold than was held; the rest is a short position",
  source_not_held: "what the units came out of is not held",
  source_unknown: "it is not stated what the units came out of",
  transfer_differs: "the units that arrived are not those that are stated to have left",
  units_differ: "the ratio and the units stated do not agree",
  units_unknown: "the instrument or the number of units is not stated",
  unknown_kind: "an action we do not know; only its cash counts",
};

export const reviewReason = (code: string): string =>
  REVIEW_REASONS[code] ?? words(code).toLowerCase();
