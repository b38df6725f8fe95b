import type { CashPartIn, TransactionIn, TransactionOut } from "@/shared/api/gen/types.gen";
import { readEntry } from "../entry";
import type { Entry, EntryErrors, EntryField } from "../entry-kinds";

const partIn = (part: TransactionOut["gross"]): CashPartIn | null =>
  part && { amount: part.amount, currency: part.currency, rate: part.rate };

/** A record as the body that would record it again, with all it says. */
export function bodyOf(record: TransactionOut): TransactionIn {
  return {
    account_id: record.account_id,
    kind: record.kind,
    sub_kind: record.sub_kind,
    trade_date: record.trade_date,
    settlement_date: record.settlement_date,
    ex_date: record.ex_date,
    record_date: record.record_date,
    pay_date: record.pay_date,
    instrument_id: record.instrument_id,
    quantity: record.quantity,
    price: record.price,
    ratio: record.ratio,
    currency: record.currency,
    gross: partIn(record.gross),
    fee: partIn(record.fee),
    tax: partIn(record.tax),
    counter: partIn(record.counter),
    is_external_flow: record.is_external_flow,
    lot_method: record.lot_method,
    lot_choices: record.lot_choices,
    link_id: record.link_id,
    source_instrument_id: record.source_instrument_id,
    basis_fraction: record.basis_fraction,
    acquired_date: record.acquired_date,
    carried_lots: record.carried_lots,
    note: record.note,
  };
}

type Key = keyof TransactionIn;

/** What of a body follows from a field of the entry. */
const KEYS: Partial<Record<EntryField, readonly Key[]>> = {
  account: ["account_id"],
  // the day it settled was that of another trade date
  date: ["trade_date", "settlement_date"],
  instrument: ["instrument_id", "currency", "gross", "fee", "tax"],
  units: ["quantity"],
  price: ["price"],
  amount: ["gross"],
  fee: ["fee"],
  tax: ["tax"],
  currency: ["currency", "gross", "fee", "tax"],
  note: ["note"],
};

const PLAIN: readonly EntryField[] = ["account", "date", "note"];

/** Fields in which two entries differ. */
export function changedFields(before: Entry, after: Entry): EntryField[] {
  return (Object.keys(after) as EntryField[]).filter((field) =>
    field === "instrument" || field === "source"
      ? before[field]?.id !== after[field]?.id
      : before[field] !== after[field],
  );
}

export type Patched = { body: TransactionIn; errors: null } | { body: null; errors: EntryErrors };

/**
 * The correction of a record: what was changed as it was typed, all the rest as the record says it,
 * also what no column shows. Another kind is another record: it keeps dates and the note alone.
 */
export function patchedBody(record: TransactionOut, before: Entry, after: Entry): Patched {
  const whole = bodyOf(record);
  const changed = changedFields(before, after);
  if (changed.every((field) => PLAIN.includes(field))) {
    // nothing to read: what else the record says may be more than an entry can check
    const isMoved = changed.includes("date");
    return {
      body: {
        ...whole,
        account_id: after.account,
        trade_date: after.date,
        settlement_date: isMoved ? null : (whole.settlement_date ?? null),
        note: after.note.trim() || null,
      },
      errors: null,
    };
  }
  const { body, errors } = readEntry(after);
  if (!body) return { body: null, errors };
  if (changed.includes("kind")) {
    const { ex_date, record_date, pay_date } = whole;
    return { body: { ...body, ex_date, record_date, pay_date }, errors: null };
  }
  const isCost = after.kind === "fee" || after.kind === "tax";
  const keys = changed.flatMap((field) =>
    field === "amount" && isCost ? [after.kind as "fee" | "tax"] : (KEYS[field] ?? []),
  );
  const read: Partial<Record<Key, unknown>> = body;
  const patch = Object.fromEntries(keys.map((key) => [key, read[key] ?? null]));
  return { body: { ...whole, ...patch }, errors: null };
}
