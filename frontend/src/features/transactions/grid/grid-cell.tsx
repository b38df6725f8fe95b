import { memo } from "react";
import { day, minorDigits, money, quantity } from "@/shared/format/format";
import { cashChange, tradeAmount } from "../entry";
import { unitsLeave } from "../entry-kinds";
import { cellText } from "./cells";
import { computesAmount, type Column, type TypedField } from "./columns";
import type { AccountOut } from "@/shared/api/gen/types.gen";
import type { RowView } from "./rows";

export type Shown = {
  text: string;
  /** Follows from other cells and is not recorded itself. */
  isComputed?: boolean;
};

const plain = (text: string): string => (/^-?\d+(\.\d+)?$/.test(text) ? quantity(text, 18) : text);

/** What a cell shows to people; typing begins from the plain words. */
export function shownIn(
  row: RowView,
  column: Column,
  accounts: readonly AccountOut[],
  isHidden: boolean,
): Shown {
  const { entry, record, edit } = row;
  if (column.isMoney && isHidden) return { text: "••••" };
  if (column.field === "cash") {
    const isOpen = edit !== undefined && entry !== null;
    const value = isOpen ? cashChange(entry) : (record?.net_amount ?? null);
    const currency = (isOpen ? entry.currency : record?.currency) ?? "USD";
    return { text: value === null ? "" : amountText(value, currency) };
  }
  const raw = edit?.raw[column.field];
  if (raw !== undefined) return { text: raw };
  if (entry === null) return { text: record ? otherText(row, column.field) : "" };
  return entryText(row, entry, column.field, accounts);
}

const amountText = (value: string, currency: string): string => {
  const isKnown = /^[A-Z]{3}$/.test(currency);
  return isKnown ? money(value, currency, { signed: true }) : value;
};

function entryText(
  row: RowView,
  entry: NonNullable<RowView["entry"]>,
  field: TypedField,
  accounts: readonly AccountOut[],
): Shown {
  const text = cellText(entry, field, accounts);
  if (field === "date") return { text: day(text) };
  if (field === "account") return { text: text || (row.record?.account_name ?? "") };
  if (field === "amount" && text === "" && computesAmount(entry)) {
    const product = tradeAmount(entry);
    return { text: product === null ? "" : cents(product, entry.currency), isComputed: true };
  }
  if (field === "units" && text !== "" && unitsLeave(entry.kind)) {
    return { text: `\u2212${plain(text)}` };
  }
  if (field === "units" && entry.kind === "split") {
    return { text: entry.newUnits && `${plain(entry.newUnits)} for 1` };
  }
  if (field === "amount" || field === "fee" || field === "tax") {
    return { text: text === "" ? "" : cents(text, entry.currency) };
  }
  return { text: field === "units" || field === "price" ? plain(text) : text };
}

/** An amount at its cents, or finer where it was recorded so. */
function cents(value: string, currency: string): string {
  const digits = /^[A-Z]{3}$/.test(currency) ? minorDigits(currency) : 2;
  const [whole = "", fraction = ""] = plain(value).split(".");
  return digits === 0 && fraction === "" ? whole : `${whole}.${fraction.padEnd(digits, "0")}`;
}

/** A record of a kind that has no form: what it says, to be read. */
function otherText({ record }: RowView, field: TypedField): string {
  if (!record) return "";
  switch (field) {
    case "date":
      return day(record.trade_date);
    case "kind":
      return record.kind.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
    case "instrument":
      return record.symbol ?? "";
    case "units":
      return record.quantity === null ? "" : plain(record.quantity);
    case "price":
      return record.price === null ? "" : plain(record.price);
    case "amount":
      return record.gross === null ? "" : cents(record.gross.amount, record.gross.currency);
    case "fee":
    case "tax": {
      const part = record[field];
      return part === null ? "" : cents(part.amount, part.currency);
    }
    case "currency":
      return record.currency;
    case "account":
      return record.account_name;
    default:
      return record.note ?? "";
  }
}

type Props = {
  id: string;
  place: number;
  column: Column;
  text: string;
  isComputed: boolean;
  isActive: boolean;
  isCovered: boolean;
  lock: string | null;
  error: string | undefined;
  isPending: boolean;
};

/** One cell at rest; the editor takes its place while something is typed. */
export const GridCell = memo(function GridCell(props: Props) {
  const { id, place, column, text, isActive, isCovered, lock, error, isPending } = props;
  const isNumber = column.editor === "number" || column.field === "cash";
  const classes = [
    "tg-cell",
    isNumber ? "num justify-end" : "",
    props.isComputed ? "text-ink-2 italic" : "",
    isCovered ? "tg-covered" : "",
    error ? "tg-wrong" : "",
    isPending ? "tg-pending" : "",
  ];
  return (
    <div
      id={id}
      role="gridcell"
      aria-colindex={place + 1}
      aria-selected={isCovered || isActive}
      // oxlint-disable-next-line jsx-a11y/role-supports-aria-props -- ARIA 1.2 gives it to gridcells
      aria-readonly={lock !== null}
      aria-invalid={error ? true : undefined}
      tabIndex={isActive ? 0 : -1}
      data-place={place}
      className={classes.join(" ")}
      title={error ?? (text.length > 12 ? text : undefined)}
    >
      <span className="truncate">{text}</span>
      {error && <span className="sr">. {error}</span>}
      {isPending && <span className="sr">. Not saved yet</span>}
    </div>
  );
});
