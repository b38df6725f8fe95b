import type {
  ActionAccountOut,
  ActionKind,
  ActionOut,
  ActionState,
} from "@/shared/api/gen/types.gen";
import { money, quantity, words } from "@/shared/format/format";

/* Events in plain words. */

export const KIND_NAMES: Record<ActionKind, string> = {
  forward_split: "Split",
  reverse_split: "Reverse split",
  unit_split: "Split of units into shares and warrants",
  stock_dividend: "Stock dividend",
  cash_dividend: "Dividend",
  special_dividend: "Special dividend",
  return_of_capital: "Return of capital",
  spin_off: "Spin-off",
  rights: "Rights",
  stock_merger: "Merger for stock",
  cash_merger: "Merger for cash",
  stock_and_cash_merger: "Merger for stock and cash",
  name_change: "Change of name or symbol",
  tender: "Tender",
  redemption: "Redemption or call",
  maturity: "Maturity",
  worthless: "Became worthless",
};

export const STATE_NAMES: Record<ActionState, string> = {
  pending: "To decide",
  upcoming: "Announced",
  applied: "Applied",
  dismissed: "Dismissed",
  recorded: "Already recorded",
};

const units = (value: string | null): string => (value === null ? "?" : quantity(value));
const per = (action: ActionOut): string =>
  action.cash_amount !== null && action.currency !== null
    ? money(action.cash_amount, action.currency, { digits: decimals(action.cash_amount) })
    : "?";

/** A dividend of 0.2375 is not 0.24. */
function decimals(value: string): number {
  return Math.min(Math.max((value.split(".")[1] ?? "").length, 2), 6);
}

const forOld = (action: ActionOut): string =>
  `${units(action.new_units)} for ${units(action.old_units)}`;

const into = (action: ActionOut): string => action.new_symbol ?? "";

const HEADLINES: Record<ActionKind, (action: ActionOut) => string> = {
  forward_split: (action) => `split ${forOld(action)}`,
  reverse_split: (action) => `reverse split ${forOld(action)}`,
  unit_split: (action) => `separates into ${into(action)} and ${action.alternate_symbol ?? ""}`,
  stock_dividend: (action) => `stock dividend, ${forOld(action)}`,
  cash_dividend: (action) => `dividend, ${per(action)} a unit`,
  special_dividend: (action) => `special dividend, ${per(action)} a unit`,
  return_of_capital: (action) => `returns capital, ${per(action)} a unit`,
  spin_off: (action) => `spins off ${into(action)}, ${forOld(action)}`,
  rights: (action) => `grants rights ${into(action)}, ${forOld(action)}`,
  stock_merger: (action) => `merges into ${into(action)}, ${forOld(action)}`,
  stock_and_cash_merger: (action) =>
    `merges into ${into(action)}, ${forOld(action)} and ${per(action)} a unit`,
  cash_merger: (action) => `is bought for ${per(action)} a unit`,
  name_change: (action) => `becomes ${into(action)}`,
  tender: (action) => `tender at ${per(action)} a unit`,
  redemption: (action) => `is redeemed at ${per(action)}`,
  maturity: (action) => `matures at ${per(action)}`,
  worthless: () => "became worthless",
};

/** "NVDA split 10 for 1"; the day stands beside it. */
export const headline = (action: ActionOut): string =>
  `${action.symbol} ${HEADLINES[action.kind](action)}`;

/** "your 12 units in Broker become 120"; cash apart, which may be hidden. */
export function effect(action: ActionOut, account: ActionAccountOut): string {
  const isShort = account.units.startsWith("-");
  const held = `${quantity(account.units.replace("-", ""))} units`;
  const owner = isShort
    ? `the ${held} owed by ${account.account_name}`
    : `${held} in ${account.account_name}`;
  const after = account.units_after;
  const gone = after !== null && /^-?0(\.0*)?$/.test(after);
  const parts: string[] = [];
  if (account.new_units !== null && gone) {
    parts.push(`become ${quantity(account.new_units)} ${action.new_symbol ?? ""}`);
  } else if (account.new_units !== null) {
    parts.push(`bring ${quantity(account.new_units)} ${action.new_symbol ?? ""}`);
  } else if (gone) {
    parts.push(action.kind === "worthless" ? "are lost" : "leave");
  } else if (after !== null) {
    parts.push(`become ${quantity(after.replace("-", ""))}`);
  }
  if (account.cash_amount !== null) {
    const verb = account.cash_amount.startsWith("-") ? "cost" : "bring";
    parts.push(parts.length === 0 ? verb : `and ${verb}`);
  }
  return `${isShort ? owner : `your ${owner}`} ${parts.join(" ")}`.trim();
}

const WARNINGS: Readonly<Record<string, string>> = {
  fraction_kept:
    "A part of a unit is kept. If your broker paid cash for it, state the price with “Edit terms”.",
  pay_date_unknown: "The day of payment is not known; the cash is booked on the ex-date.",
  basis_fraction_unknown:
    "Which part of the cost goes along is not known (the issuer's Form 8937 says), so the new units' cost stays unknown.",
  exchange_value_unknown:
    "The value of the units received is not known, so the taxed gain stays unknown.",
  short_by_hand: "What a short position owes here has to be recorded by hand.",
  similar_record:
    "A record near this day resembles it but differs in amount, perhaps net of tax. Dismiss the event if that record is it.",
  also_recorded: "Another record tells the same: it may be counted twice. Reverse one of them.",
  earlier_pending: "Decide the earlier event of this instrument first: it changes what is held.",
  moves_other_accounts: "Lots that were transferred on to another account change with it.",
};

export const warningText = (code: string): string => WARNINGS[code] ?? `${words(code)}.`;
