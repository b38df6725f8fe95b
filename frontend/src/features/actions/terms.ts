import type { ActionChangeIn, ActionKind, ActionOut } from "@/shared/api/gen/types.gen";

/** Terms that are typed; which of them an event of a kind has. The first list is needed. */
export type Term =
  | "old_units"
  | "new_units"
  | "cash_amount"
  | "currency"
  | "new_instrument"
  | "alternate_instrument"
  | "alternate_units"
  | "basis_fraction"
  | "fair_value"
  | "new_fair_value"
  | "fraction_price"
  | "accrued_interest"
  | "is_taxable";

const RATIO = ["old_units", "new_units"] as const;
const CASH = ["cash_amount", "currency"] as const;
const LIEU = ["fraction_price", "currency"] as const;

export const NEEDS: Record<ActionKind, readonly Term[]> = {
  forward_split: RATIO,
  reverse_split: RATIO,
  unit_split: [...RATIO, "new_instrument", "alternate_instrument", "alternate_units"],
  stock_dividend: RATIO,
  cash_dividend: CASH,
  special_dividend: CASH,
  return_of_capital: CASH,
  spin_off: [...RATIO, "new_instrument"],
  rights: [...RATIO, "new_instrument"],
  stock_merger: [...RATIO, "new_instrument"],
  cash_merger: CASH,
  stock_and_cash_merger: [...RATIO, "new_instrument", ...CASH],
  name_change: ["new_instrument"],
  tender: CASH,
  redemption: CASH,
  maturity: CASH,
  worthless: [],
};

export const MAY_HAVE: Partial<Record<ActionKind, readonly Term[]>> = {
  forward_split: LIEU,
  reverse_split: LIEU,
  unit_split: ["basis_fraction", ...LIEU],
  stock_dividend: [...LIEU, "fair_value", "is_taxable"],
  spin_off: ["basis_fraction", "fair_value", "new_fair_value", ...LIEU, "is_taxable"],
  rights: ["basis_fraction", "fair_value", "new_fair_value"],
  stock_merger: [...LIEU, "new_fair_value", "is_taxable"],
  stock_and_cash_merger: ["new_fair_value", "fraction_price", "is_taxable"],
  tender: ["accrued_interest"],
  redemption: ["accrued_interest"],
  maturity: ["accrued_interest"],
};

export const isAsked = (kind: ActionKind, term: Term): boolean =>
  NEEDS[kind].includes(term) || (MAY_HAVE[kind] ?? []).includes(term);

export const isNeeded = (kind: ActionKind, term: Term): boolean => NEEDS[kind].includes(term);

/** Numbers, in the order they are asked for. */
export const NUMBERS = [
  ["new_units", "New units", undefined],
  ["old_units", "For so many old units", undefined],
  ["alternate_units", "Units of the other instrument", undefined],
  ["cash_amount", "Cash per unit", "Of a bond, per 100 of face value"],
  [
    "basis_fraction",
    "Part of the cost that goes along",
    "From 0 to 1; the issuer's Form 8937 says",
  ],
  ["fair_value", "Value of one old unit afterwards", undefined],
  ["new_fair_value", "Value of one new unit", undefined],
  ["fraction_price", "Cash paid for one whole new unit", "Where parts of a unit are paid out"],
  ["accrued_interest", "Accrued interest", "Per 100 of face value"],
] as const satisfies readonly (readonly [Term, string, string | undefined])[];

export type Chosen = { instrument: string; added: string | null; other: string | null };

/** What was typed, as the server reads it; what the kind does not have is left out. */
export function readTerms(
  data: FormData,
  kind: ActionKind,
  chosen: Chosen,
  version: number | null,
): ActionChangeIn {
  const text = (name: string): string | null => {
    const value = data.get(name);
    return typeof value === "string" && value.trim() ? value.trim() : null;
  };
  const number = (term: Term): string | null =>
    isAsked(kind, term) ? (text(term)?.replaceAll(",", "") ?? null) : null;
  const hasCurrency =
    isNeeded(kind, "currency") ||
    (isAsked(kind, "currency") &&
      (text("fraction_price") !== null || data.get("is_taxable") !== null));
  return {
    kind,
    instrument_id: chosen.instrument,
    ex_date: text("ex_date") ?? "",
    record_date: text("record_date"),
    pay_date: text("pay_date"),
    ...Object.fromEntries(NUMBERS.map(([term]) => [term, number(term)])),
    currency: hasCurrency ? text("currency") : null,
    new_instrument_id: isAsked(kind, "new_instrument") ? chosen.added : null,
    alternate_instrument_id: isAsked(kind, "alternate_instrument") ? chosen.other : null,
    is_taxable: isAsked(kind, "is_taxable") && data.get("is_taxable") !== null,
    note: text("note"),
    version,
  };
}

export const stated = (action: ActionOut | undefined, term: (typeof NUMBERS)[number][0]) =>
  action?.[term] ?? "";
