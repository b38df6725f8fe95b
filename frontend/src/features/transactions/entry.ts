import Big from "big.js";
import type { CashPartIn, TransactionIn } from "@/shared/api/gen/types.gen";
import { ProblemError } from "@/shared/api/problem";
import { minorDigits } from "@/shared/format/format";
import {
  asks,
  isTrade,
  unitsLeave,
  type Entry,
  type EntryErrors,
  type EntryField,
  type EntryKind,
} from "./entry-kinds";

const PLAIN = /^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/;

/** "1,234.50" as plain decimal text; null for what is no number, or too long to keep exactly. */
export function readDecimal(typed: string): string | null {
  const text = typed.trim().replaceAll("\u2212", "-");
  if (!PLAIN.test(text)) return null;
  const plain = text.replaceAll(",", "").replace(/^\+/, "");
  const [whole = "", fraction = ""] = plain.replace("-", "").split(".");
  return whole.length > 20 || fraction.length > 18 ? null : plain;
}

/** Units × price × multiplier at the currency's cents, or null while one is not readable. */
export function tradeAmount(entry: Entry): string | null {
  const [units, price] = [readDecimal(entry.units), readDecimal(entry.price)];
  if (units === null || price === null) return null;
  return new Big(units)
    .times(price)
    .times(entry.instrument?.multiplier ?? "1")
    .round(minorDigits(entry.currency), Big.roundHalfUp)
    .toFixed();
}

const SIGNS: Partial<Record<EntryKind, -1 | 1>> = { buy: -1, withdrawal: -1, fx_conversion: -1 };
const signed = (value: string, kind: EntryKind): string =>
  new Big(value).times(SIGNS[kind] ?? 1).toFixed();

/** What the entry does to cash, as far as it can be told yet. */
export function cashChange(entry: Entry): string | null {
  if (!asks(entry.kind, "amount")) return null;
  const amount = readDecimal(entry.amount) ?? (isTrade(entry.kind) ? tradeAmount(entry) : null);
  if (amount === null) return null;
  if (entry.kind === "fee" || entry.kind === "tax") return new Big(amount).times(-1).toFixed();
  const cost = (field: "fee" | "tax") =>
    (asks(entry.kind, field) && readDecimal(entry[field])) || "0";
  return new Big(signed(amount, entry.kind)).minus(cost("fee")).minus(cost("tax")).toFixed();
}

const NUMBERS = [
  "units",
  "price",
  "amount",
  "fee",
  "tax",
  "counterAmount",
  "fraction",
  "newUnits",
  "oldUnits",
] as const;
const MAY_BE_NEGATIVE: readonly EntryField[] = ["fee", "tax"];
const NUMBER_WORDS = "Write a number such as 1234.50";

/** What can be said before asking the server; it knows the rest. */
function typedErrors(entry: Entry): EntryErrors {
  const errors: EntryErrors = {};
  if (entry.date === "") errors.date = "Choose a day";
  for (const field of NUMBERS) {
    if (!asks(entry.kind, field) || entry[field].trim() === "") continue;
    const value = readDecimal(entry[field]);
    if (value === null) errors[field] = NUMBER_WORDS;
    else if (value.startsWith("-") && !mayBeNegative(entry.kind, field)) {
      errors[field] = "Write it without a sign: the kind says which way it goes";
    }
  }
  const needsAmount = !asks(entry.kind, "units") && asks(entry.kind, "amount");
  if (needsAmount && entry.amount.trim() === "") errors.amount = "An amount is needed";
  return { ...missingErrors(entry), ...errors };
}

/** What a kind cannot do without. */
function missingErrors(entry: Entry): EntryErrors {
  const errors: EntryErrors = {};
  const { kind } = entry;
  if (kind === "fx_conversion") {
    if (entry.counterAmount.trim() === "") errors.counterAmount = "An amount is needed";
    if (entry.counterCurrency === entry.currency) {
      errors.counterCurrency = "A conversion has two currencies";
    }
  }
  if (asks(kind, "units") && !isTrade(kind) && entry.units.trim() === "") {
    errors.units = "A number of units is needed";
  }
  if (kind === "spin_off" && new Big(readDecimal(entry.fraction) ?? "0").gt(100)) {
    errors.fraction = "At most 100 percent";
  }
  for (const field of kind === "split" ? (["newUnits", "oldUnits"] as const) : []) {
    const value = readDecimal(entry[field]);
    if (value === null || new Big(value).lte(0)) errors[field] = "A number above zero is needed";
  }
  return errors;
}

const mayBeNegative = (kind: EntryKind, field: EntryField): boolean =>
  MAY_BE_NEGATIVE.includes(field) || (field === "amount" && kind === "interest");

export type Read = { errors: EntryErrors; body: TransactionIn | null };

/** The record to post, signed as the ledger signs it; or what keeps it from being one. */
export function readEntry(entry: Entry): Read {
  const errors = typedErrors(entry);
  if (Object.keys(errors).length > 0) return { errors, body: null };
  const asked = (field: (typeof NUMBERS)[number]) =>
    asks(entry.kind, field) ? readDecimal(entry[field]) : null;
  const { kind } = entry;
  const currency = asks(kind, "currency")
    ? entry.currency
    : (entry.instrument?.currency ?? entry.currency);
  const part = (amount: string | null, of = currency): CashPartIn | null =>
    amount === null ? null : { amount, currency: of, rate: "1" };
  const amount = asked("amount") ?? (isTrade(kind) ? tradeAmount(entry) : null);
  const units = asked("units");
  const percent = asked("fraction");
  const isCost = kind === "fee" || kind === "tax";
  const body: TransactionIn = {
    account_id: entry.account,
    kind,
    trade_date: entry.date,
    currency,
    instrument_id: asks(kind, "instrument") ? (entry.instrument?.id ?? null) : null,
    source_instrument_id: asks(kind, "source") ? (entry.source?.id ?? null) : null,
    quantity: units === null ? null : unitsLeave(kind) ? new Big(units).times(-1).toFixed() : units,
    price: asked("price"),
    ratio: kind === "split" ? ratio(entry) : null,
    basis_fraction: percent === null ? null : new Big(percent).div(100).toFixed(),
    acquired_date: asks(kind, "acquired") ? entry.acquired || null : null,
    gross: isCost || amount === null ? null : part(signed(amount, kind)),
    fee: kind === "fee" ? part(amount) : part(asked("fee")),
    tax: kind === "tax" ? part(amount) : part(asked("tax")),
    counter: part(asked("counterAmount"), entry.counterCurrency),
    is_external_flow: EDGE.includes(kind),
    note: entry.note.trim() || null,
  };
  return { errors, body };
}

const EDGE: readonly EntryKind[] = ["deposit", "withdrawal", "transfer_in", "transfer_out"];

/** New units per old unit, at the eighteen places the ledger keeps. */
function ratio(entry: Entry): string {
  const exact = Big();
  exact.DP = 18;
  exact.RM = Big.roundHalfUp;
  return new exact(readDecimal(entry.newUnits) ?? "0")
    .div(readDecimal(entry.oldUnits) ?? "1")
    .toFixed();
}

const PLACES: Readonly<Record<string, EntryField>> = {
  account_id: "account",
  kind: "kind",
  trade_date: "date",
  instrument_id: "instrument",
  source_instrument_id: "source",
  basis_fraction: "fraction",
  acquired_date: "acquired",
  counter: "counterAmount",
  currency: "currency",
  quantity: "units",
  price: "price",
  gross: "amount",
  fee: "fee",
  tax: "tax",
  ratio: "newUnits",
  note: "note",
};

/** The server's refusals beside the fields they are about; what has no field here is left over. */
export function refusals(error: unknown, kind: EntryKind): { errors: EntryErrors; rest: string[] } {
  const found: { errors: EntryErrors; rest: string[] } = { errors: {}, rest: [] };
  if (!(error instanceof ProblemError)) return found;
  for (const { pointer, detail } of error.problem.errors) {
    const place = PLACES[pointer.replace(/^\/body\//, "").split("/")[0] ?? ""];
    // the amount of a fee is the fee itself
    const field = (place === "fee" || place === "tax") && kind === place ? "amount" : place;
    if (field && asks(kind, field)) found.errors[field] ??= sentence(detail);
    else found.rest.push(detail);
  }
  return found;
}

const sentence = (detail: string): string => {
  const plain = detail.replace(/^Value error, /, "");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
};
