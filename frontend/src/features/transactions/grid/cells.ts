import Big from "big.js";
import type { AccountOut, TransactionOut } from "@/shared/api/gen/types.gen";
import { words } from "@/shared/format/format";
import { readDecimal, tradeAmount } from "../entry";
import { type Entry, type EntryInstrument, type EntryKind } from "../entry-kinds";
import { knownPart, saysMore } from "../entry-of";
import { GRID_KINDS, isAsked, type GridField, type TypedField } from "./columns";
import { isProduct } from "./conflict";
import { readDay } from "./days";

/** What the records beside it tell an entry: names, and how a person writes days. */
export type Surroundings = {
  accounts: readonly AccountOut[];
  locale: string;
};

/** What is typed into one cell: words, or an instrument that was chosen. */
export type Typed = { text: string; instrument?: EntryInstrument | null };

/** Units stand for so many of what the price is of: the smallest round number that explains it. */
function multiplierOf(record: TransactionOut): string {
  const { gross, quantity, price } = record;
  if (gross === null || quantity === null || price === null) return "1";
  const product = new Big(quantity).times(price).abs();
  const found = ["1", "10", "100", "1000"].find((times) =>
    product.times(times).minus(new Big(gross.amount).abs()).abs().lt("0.01"),
  );
  return found ?? "1";
}

const instrumentOf = (record: TransactionOut): EntryInstrument | null =>
  record.instrument_id === null
    ? null
    : {
        id: record.instrument_id,
        symbol: record.symbol ?? "",
        name: record.instrument_name ?? "",
        currency: record.currency,
        multiplier: multiplierOf(record),
      };

/** A record as an entry; null for a kind that has no form. */
export function entryFrom(record: TransactionOut): Entry | null {
  const id = record.source_instrument_id;
  const source = id && { id, symbol: "", name: "", currency: record.currency, multiplier: "1" };
  return knownPart(record, instrumentOf(record), source || null);
}

const ANYWHERE: readonly GridField[] = ["date", "note"];

/** Why a cell takes no typing; null when it does. */
export function lockOf(
  record: TransactionOut | null,
  entry: Entry | null,
  field: GridField,
): string | null {
  if (field === "cash") return "It follows from the other columns";
  if (record && (record.is_reversed || record.kind === "reversal")) {
    return "This record does not count any more";
  }
  if (entry === null) return "A record of this kind is taken back and added anew";
  if (!isAsked(entry, field)) return "A record of this kind has none";
  if (record && saysMore(record) && !ANYWHERE.includes(field)) {
    return "This record names lots, a link or other currencies: open it to correct it";
  }
  const isOwnForm = !(GRID_KINDS as readonly string[]).includes(entry.kind);
  if (field === "kind" && isOwnForm) return "This kind has a form of its own";
  return null;
}

/** A cell's words as they are typed and copied: plain numbers, ISO days. */
export function cellText(entry: Entry, field: TypedField, accounts: readonly AccountOut[]): string {
  if (!isAsked(entry, field)) return "";
  if (field === "kind") return words(entry.kind);
  if (field === "instrument") return entry.instrument?.symbol ?? "";
  if (field === "account") return accounts.find(({ id }) => id === entry.account)?.name ?? "";
  return entry[field];
}

export type Put = { entry: Entry; error?: undefined } | { entry?: undefined; error: string };

/** An entry with one cell changed, and what follows from it; or why the words cannot stand there. */
export function putCell(entry: Entry, field: TypedField, typed: Typed, around: Surroundings): Put {
  const text = typed.text.trim();
  switch (field) {
    case "date": {
      const day = readDay(text, around.locale);
      return day ? { entry: { ...entry, date: day } } : { error: "Write a day such as 2013-01-10" };
    }
    case "kind":
      return putKind(entry, text);
    case "account":
      return putAccount(entry, text, around.accounts);
    case "instrument":
      return putInstrument(entry, typed);
    case "currency":
      return /^[A-Za-z]{3}$/.test(text)
        ? { entry: { ...entry, currency: text.toUpperCase() } }
        : { error: "Write a currency such as USD" };
    case "note":
      return { entry: { ...entry, note: text } };
    default:
      return putNumber(entry, field, text);
  }
}

const plainWords = (text: string): string => text.toLowerCase().replaceAll(/[\s_-]+/g, " ");

function putKind(entry: Entry, text: string): Put {
  const kind = GRID_KINDS.find((one) => plainWords(one) === plainWords(text));
  return kind ? { entry: { ...entry, kind } } : { error: "Choose a kind of the list" };
}

function putAccount(entry: Entry, text: string, accounts: readonly AccountOut[]): Put {
  const found = accounts.find(
    (one) => one.id === text || plainWords(one.name) === plainWords(text),
  );
  if (!found) return { error: "No account has this name" };
  const currency = entry.instrument ? entry.currency : found.base_currency;
  return { entry: { ...entry, account: found.id, currency } };
}

function putInstrument(entry: Entry, { text, instrument }: Typed): Put {
  if (text.trim() === "" && !instrument) return { entry: { ...entry, instrument: null } };
  if (!instrument) return { error: "No such instrument is known" };
  return { entry: { ...entry, instrument, currency: instrument.currency } };
}

type NumberField = "units" | "price" | "amount" | "fee" | "tax";

/** "$1,234.50" and "(3.00)" as spreadsheets show them. */
function spreadsheetNumber(text: string): string {
  const bare = text.replaceAll(/[$€£¥\s\u00a0']/g, "");
  const inside = /^\((.+)\)$/.exec(bare)?.[1];
  return inside === undefined ? bare : `-${inside}`;
}

function putNumber(entry: Entry, field: NumberField, text: string): Put {
  const value = text === "" ? "" : readDecimal(spreadsheetNumber(text));
  if (value === null) return { error: "Write a number such as 1234.50" };
  const next = { ...entry, [field]: value };
  const moves = field === "units" || field === "price";
  // an amount that was the units at their price stays that; a broker's own amount stays as it is
  if (moves && isProduct(entry)) next.amount = tradeAmount(next) ?? "";
  return { entry: next };
}

/** A new record as it begins. */
export function blankEntry(
  accounts: readonly AccountOut[],
  account: string | undefined,
  today: string,
): Entry {
  const chosen = accounts.find(({ id }) => id === account) ?? accounts[0];
  const nothing = { units: "", price: "", amount: "", fee: "", tax: "", counterAmount: "" };
  return {
    kind: "buy" satisfies EntryKind,
    account: chosen?.id ?? "",
    date: today,
    instrument: null,
    source: null,
    currency: chosen?.base_currency ?? "USD",
    ...nothing,
    counterCurrency: "EUR",
    fraction: "",
    acquired: "",
    newUnits: "",
    oldUnits: "1",
    note: "",
  };
}
