import Big from "big.js";
import type { CashPartIn, InstrumentOut, TransactionIn } from "@/shared/api/gen/types.gen";
import { ProblemError } from "@/shared/api/problem";
import { minorDigits } from "@/shared/format/format";

/** What a person types, by field; text until it is read. */
export type Entry = {
  kind: EntryKind;
  account: string;
  date: string;
  instrument: InstrumentOut | null;
  currency: string;
  units: string;
  price: string;
  amount: string;
  fee: string;
  tax: string;
  newUnits: string;
  oldUnits: string;
  note: string;
};
export type EntryField = keyof Entry;
export type EntryErrors = Partial<Record<EntryField, string>>;

const ALWAYS = ["kind", "account", "date", "note"] as const;
const TRADE = ["instrument", "currency", "units", "price", "amount", "fee", "tax"] as const;

/** The fields each kind needs, in the order they are asked. */
const FIELDS = {
  buy: TRADE,
  sell: TRADE,
  deposit: ["currency", "amount"],
  withdrawal: ["currency", "amount"],
  dividend: ["instrument", "currency", "amount", "tax"],
  interest: ["currency", "amount", "tax"],
  fee: ["currency", "amount"],
  tax: ["currency", "amount"],
  split: ["instrument", "newUnits", "oldUnits"],
} as const satisfies Record<string, readonly EntryField[]>;

export type EntryKind = keyof typeof FIELDS;
export const ENTRY_KINDS = Object.keys(FIELDS) as EntryKind[];

export const asks = (kind: EntryKind, field: EntryField): boolean =>
  (ALWAYS as readonly EntryField[]).includes(field) ||
  (FIELDS[kind] as readonly EntryField[]).includes(field);

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

const SIGNS: Partial<Record<EntryKind, -1 | 1>> = { buy: -1, withdrawal: -1 };
const signed = (value: string, kind: EntryKind): string =>
  new Big(value).times(SIGNS[kind] ?? 1).toFixed();

/** What the entry does to cash, as far as it can be told yet. */
export function cashChange(entry: Entry): string | null {
  if (entry.kind === "split") return null;
  const isTrade = entry.kind === "buy" || entry.kind === "sell";
  const amount = readDecimal(entry.amount) ?? (isTrade ? tradeAmount(entry) : null);
  if (amount === null) return null;
  if (entry.kind === "fee" || entry.kind === "tax") return new Big(amount).times(-1).toFixed();
  const cost = (field: "fee" | "tax") =>
    (asks(entry.kind, field) && readDecimal(entry[field])) || "0";
  return new Big(signed(amount, entry.kind)).minus(cost("fee")).minus(cost("tax")).toFixed();
}

const NUMBERS = ["units", "price", "amount", "fee", "tax", "newUnits", "oldUnits"] as const;
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
  if (entry.kind === "split") {
    for (const field of ["newUnits", "oldUnits"] as const) {
      const value = readDecimal(entry[field]);
      if (value === null || new Big(value).lte(0))
        errors[field] ??= "A number above zero is needed";
    }
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
  const currency =
    entry.kind === "split" ? (entry.instrument?.currency ?? entry.currency) : entry.currency;
  const part = (amount: string | null): CashPartIn | null =>
    amount === null ? null : { amount, currency, rate: "1" };
  const { kind } = entry;
  const isTrade = kind === "buy" || kind === "sell";
  const amount = asked("amount") ?? (isTrade ? tradeAmount(entry) : null);
  const units = asked("units");
  const isCost = kind === "fee" || kind === "tax";
  const body: TransactionIn = {
    account_id: entry.account,
    kind,
    trade_date: entry.date,
    currency,
    instrument_id: asks(kind, "instrument") ? (entry.instrument?.id ?? null) : null,
    quantity: units === null ? null : kind === "sell" ? new Big(units).times(-1).toFixed() : units,
    price: asked("price"),
    ratio: kind === "split" ? ratio(entry) : null,
    gross: isCost || amount === null ? null : part(signed(amount, kind)),
    fee: kind === "fee" ? part(amount) : part(asked("fee")),
    tax: kind === "tax" ? part(amount) : part(asked("tax")),
    is_external_flow: kind === "deposit" || kind === "withdrawal",
    note: entry.note.trim() || null,
  };
  return { errors, body };
}

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
