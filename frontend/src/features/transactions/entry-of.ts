import Big from "big.js";
import type { TransactionOut } from "@/shared/api/gen/types.gen";
import { ENTRY_KINDS, NO_AMOUNTS, type Entry, type EntryInstrument } from "./entry-kinds";

/** Whether a record says more than an entry can say again. */
export const saysMore = (record: TransactionOut): boolean =>
  record.lot_choices.length > 0 ||
  record.carried_lots.length > 0 ||
  record.link_id !== null ||
  [record.gross, record.fee, record.tax].some(
    (part) => part !== null && part.currency !== record.currency,
  );

/** A record as it would have been typed; null for one the form has no kind for. */
export function entryOf(
  record: TransactionOut,
  instrument: EntryInstrument | null,
  source: EntryInstrument | null,
): Entry | null {
  // what the form cannot say again must not be lost by saying the rest
  return saysMore(record) ? null : knownPart(record, instrument, source);
}

/** As much of a record as an entry can say; null for a kind it has no words for. */
export function knownPart(
  record: TransactionOut,
  instrument: EntryInstrument | null,
  source: EntryInstrument | null,
): Entry | null {
  const kind = ENTRY_KINDS.find((known) => known === record.kind);
  if (!kind) return null;
  const isCost = kind === "fee" || kind === "tax";
  const amount = isCost ? (record[kind] ?? negated(record.gross)) : record.gross;
  return {
    kind,
    account: record.account_id,
    date: record.trade_date,
    instrument,
    source,
    currency: record.currency,
    ...NO_AMOUNTS,
    units: record.quantity === null ? "" : unsigned(record.quantity),
    price: record.price ?? "",
    amount: amount === null ? "" : kind === "interest" ? amount.amount : unsigned(amount.amount),
    fee: isCost ? "" : (record.fee?.amount ?? ""),
    tax: isCost ? "" : (record.tax?.amount ?? ""),
    counterCurrency: record.counter?.currency ?? "EUR",
    counterAmount: record.counter ? unsigned(record.counter.amount) : "",
    fraction: record.basis_fraction ? new Big(record.basis_fraction).times(100).toFixed() : "",
    acquired: record.acquired_date ?? "",
    newUnits: record.ratio ?? "",
    oldUnits: "1",
    note: record.note ?? "",
  };
}

const unsigned = (amount: string): string => amount.replace(/^-/, "");
const negated = (part: TransactionOut["gross"]) =>
  part && { ...part, amount: new Big(part.amount).times(-1).toFixed() };
