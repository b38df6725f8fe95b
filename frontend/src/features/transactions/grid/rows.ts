import type { OperationIn, TransactionOut } from "@/shared/api/gen/types.gen";
import { readEntry } from "../entry";
import type { Entry, EntryErrors, EntryField } from "../entry-kinds";
import { asks } from "../entry-kinds";
import { changedFields, patchedBody } from "./body";
import { entryFrom, putCell, type Surroundings, type Typed } from "./cells";
import type { TypedField } from "./columns";
import { contested, merged, type Choices } from "./conflict";
import type { Refused } from "./refused";

export type EditStatus = "typing" | "saving" | "refused" | "conflict";

/** What somebody typed into one row and the server does not have yet. */
export type RowEdit = {
  key: string;
  /** The record it changes; null for a new one. */
  base: TransactionOut | null;
  entry: Entry;
  /** Fields that say something else than the record. */
  changed: readonly EntryField[];
  /** Words that cannot stand in their cells, kept as they were typed. */
  raw: Partial<Record<TypedField, string>>;
  errors: EntryErrors;
  /** What is wrong with no cell of its own. */
  rest: readonly string[];
  status: EditStatus;
  /** The entry on its way to the server. */
  sent: Entry | null;
  /** In a conflict: the record that counts now, null if it was deleted. */
  theirs: TransactionOut | null;
};

export type RowView = {
  key: string;
  /** Null for a new row. */
  record: TransactionOut | null;
  entry: Entry | null;
  edit: RowEdit | undefined;
};

/** One chain of records is one row; what does not count any more stands for itself. */
export const keyOf = (record: TransactionOut): string =>
  record.is_reversed || record.kind === "reversal" ? record.id : record.chain_id;

function changesOf(base: TransactionOut | null, entry: Entry): EntryField[] {
  const before = base && entryFrom(base);
  return before ? changedFields(before, entry) : [];
}

export const newEdit = (key: string, base: TransactionOut | null, entry: Entry): RowEdit => ({
  key,
  base,
  entry,
  changed: changesOf(base, entry),
  raw: {},
  errors: {},
  rest: [],
  status: "typing",
  sent: null,
  theirs: null,
});

const without = <T extends object>(from: T, key: string): T =>
  Object.fromEntries(Object.entries(from).filter(([name]) => name !== key)) as T;

/** A row after something was typed into one of its cells. */
export function typeInto(
  edit: RowEdit,
  field: TypedField,
  typed: Typed,
  around: Surroundings,
): RowEdit {
  const put = putCell(edit.entry, field, typed, around);
  const isWrong = put.error !== undefined;
  const raw = isWrong ? { ...edit.raw, [field]: typed.text } : without(edit.raw, field);
  const cleared = without(edit.errors, field);
  const errors = isWrong ? { ...cleared, [field]: put.error } : cleared;
  const isHeld = edit.status === "conflict" || edit.status === "saving";
  const status = Object.keys(raw).length > 0 ? "refused" : "typing";
  const entry = put.entry ?? edit.entry;
  return {
    ...edit,
    entry,
    changed: changesOf(edit.base, entry),
    raw,
    errors,
    rest: [],
    status: isHeld ? edit.status : status,
  };
}

/** Whether a row says nothing that the server does not know. */
export function isUnchanged({ base, changed, raw, status }: RowEdit): boolean {
  if (base === null || status === "saving" || Object.keys(raw).length > 0) return false;
  return changed.length === 0;
}

export type Ready =
  { operation: OperationIn; errors: null } | { operation: null; errors: EntryErrors };

/** The call that would save a row; or what keeps it from being one. */
export function operationOf(edit: RowEdit): Ready {
  if (edit.base === null) {
    const { body, errors } = readEntry(edit.entry);
    if (!body) return { operation: null, errors };
    return { operation: { op: "create", body, client_ref: edit.key }, errors: null };
  }
  const before = entryFrom(edit.base);
  if (before === null) return { operation: null, errors: { kind: "This kind has no form" } };
  const { body, errors } = patchedBody(edit.base, before, edit.entry);
  if (!body) return { operation: null, errors };
  return {
    operation: { op: "correct", id: edit.base.id, body, client_ref: edit.key },
    errors: null,
  };
}

/** What is left of a row once the server has what was sent; null when that was all. */
export function afterSaving(edit: RowEdit, record: TransactionOut): RowEdit | null {
  const saved = entryFrom(record);
  if (saved === null || edit.sent === null) return null;
  const later = changedFields(edit.sent, edit.entry);
  if (later.length === 0 && Object.keys(edit.raw).length === 0) return null;
  const entry = {
    ...saved,
    ...Object.fromEntries(later.map((field) => [field, edit.entry[field]])),
  };
  const status = Object.keys(edit.raw).length > 0 ? "refused" : "typing";
  const changed = changesOf(record, entry);
  return { ...edit, key: keyOf(record), base: record, entry, changed, sent: null, status };
}

/** A row whose record was changed by somebody else: merged where nobody contradicts, else asked. */
export function meet(edit: RowEdit, theirs: TransactionOut | null): RowEdit {
  const before = edit.base && entryFrom(edit.base);
  const after = theirs && entryFrom(theirs);
  const met: RowEdit = { ...edit, theirs, sent: null, status: "conflict" };
  if (!before || !after || contested(before, edit.entry, after).length > 0) return met;
  return takeOver(met, {});
}

/** A conflict as it was settled: the record that counts now, with what was chosen of mine. */
export function takeOver(edit: RowEdit, choices: Choices): RowEdit {
  const before = edit.base && entryFrom(edit.base);
  const after = edit.theirs && entryFrom(edit.theirs);
  if (!before || !after) return edit;
  const entry = merged(before, edit.entry, after, choices);
  const changed = changesOf(edit.theirs, entry);
  const settled = { base: edit.theirs, entry, changed, theirs: null, errors: {}, rest: [] };
  return { ...edit, ...settled, status: "typing" };
}

/** A refusal that names no row stands beside the units, or the row, it must be about. */
export function refusedWhole(
  edit: RowEdit,
  refused: Extract<Refused, { kind: "all" }>,
  count: number,
): Partial<RowEdit> {
  const isUnits = count === 1 && refused.code === "oversold" && asks(edit.entry.kind, "units");
  return isUnits ? { errors: { units: refused.detail } } : { rest: [refused.detail] };
}
