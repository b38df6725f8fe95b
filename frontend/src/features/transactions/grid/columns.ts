import { asks, ENTRY_KINDS, isTrade, type Entry, type EntryField } from "../entry-kinds";

/** A column that is typed into; `cash` follows from the others. */
export type TypedField = Extract<
  EntryField,
  | "date"
  | "kind"
  | "instrument"
  | "units"
  | "price"
  | "amount"
  | "currency"
  | "fee"
  | "tax"
  | "account"
  | "note"
>;
export type GridField = TypedField | "cash";
export type Editor = "text" | "number" | "kind" | "currency" | "instrument" | "account";

export type Column = {
  field: GridField;
  label: string;
  /** A CSS grid track. */
  track: string;
  /** Null: nothing to type. */
  editor: Editor | null;
  isMoney: boolean;
};

const column = (
  field: GridField,
  label: string,
  track: string,
  editor: Editor | null,
  isMoney = false,
): Column => ({ field, label, track, editor, isMoney });

export const COLUMNS: readonly Column[] = [
  column("date", "Date", "106px", "text"),
  column("kind", "Kind", "minmax(96px,1.1fr)", "kind"),
  column("instrument", "Instrument", "minmax(84px,1fr)", "instrument"),
  column("units", "Units", "minmax(72px,1fr)", "number"),
  column("price", "Price", "minmax(80px,1fr)", "number", true),
  column("amount", "Amount", "minmax(92px,1.1fr)", "number", true),
  column("currency", "Curr.", "58px", "currency"),
  column("fee", "Fee", "minmax(60px,.7fr)", "number", true),
  column("tax", "Tax", "minmax(60px,.7fr)", "number", true),
  column("cash", "Cash", "minmax(96px,1.1fr)", null, true),
  column("account", "Account", "minmax(96px,1.3fr)", "account"),
  column("note", "Note", "minmax(80px,1.3fr)", "text"),
];
export const TYPED_FIELDS: readonly TypedField[] = COLUMNS.flatMap(({ field }) =>
  field === "cash" ? [] : [field],
);
export const MENU_TRACK = "32px";
export const TRACKS = [MENU_TRACK, ...COLUMNS.map(({ track }) => track)].join(" ");
export const MENU_COLUMN = 0; // before the columns: what else can be done with a row
export const COLUMN_COUNT = COLUMNS.length + 1;

/** The column at a place of the grid; none at the menu's. */
export const columnAt = (place: number): Column | undefined => COLUMNS[place - 1];
export const placeOf = (field: GridField): number =>
  COLUMNS.findIndex((one) => one.field === field) + 1;

/** Kinds that ask for nothing the grid has no column for. */
export const GRID_KINDS = ENTRY_KINDS.filter(
  (kind) => !["fx_conversion", "split", "spin_off"].includes(kind),
);

/** Whether an entry of its kind has something to say in a column. */
export const isAsked = (entry: Entry, field: GridField): boolean =>
  field !== "cash" && asks(entry.kind, field);

/** What the amount of a trade is until one is typed: the units at their price. */
export const computesAmount = (entry: Entry): boolean => isTrade(entry.kind);
