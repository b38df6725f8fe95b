import type { InstrumentOut } from "@/shared/api/gen/types.gen";

/** What an entry has to know of an instrument. */
export type EntryInstrument = Pick<
  InstrumentOut,
  "id" | "symbol" | "name" | "currency" | "multiplier"
>;

/** What a person types, by field; text until it is read. */
export type Entry = {
  kind: EntryKind;
  account: string;
  date: string;
  instrument: EntryInstrument | null;
  /** What spun-off units came out of. */
  source: EntryInstrument | null;
  currency: string;
  units: string;
  price: string;
  amount: string;
  fee: string;
  tax: string;
  /** The other side of a conversion. */
  counterCurrency: string;
  counterAmount: string;
  /** Part of the parent's cost that moves, in percent. */
  fraction: string;
  /** The day units that arrive were bought. */
  acquired: string;
  newUnits: string;
  oldUnits: string;
  note: string;
};
export type EntryField = keyof Entry;
export type EntryErrors = Partial<Record<EntryField, string>>;

/** What a kind starts with, and what a recorded one leaves behind. */
export const NO_AMOUNTS = {
  units: "",
  price: "",
  amount: "",
  fee: "",
  tax: "",
  counterAmount: "",
  fraction: "",
  acquired: "",
  newUnits: "",
  note: "",
};

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
  fx_conversion: ["currency", "amount", "counterCurrency", "counterAmount"],
  split: ["instrument", "newUnits", "oldUnits"],
  spin_off: ["instrument", "source", "units", "fraction"],
  return_of_capital: ["instrument", "currency", "amount"],
  reward: ["instrument", "currency", "units", "price"],
  transfer_in: ["instrument", "currency", "units", "price", "acquired"],
  transfer_out: ["instrument", "units"],
  worthless: ["instrument", "units"],
} as const satisfies Record<string, readonly EntryField[]>;

export type EntryKind = keyof typeof FIELDS;
export const ENTRY_KINDS = Object.keys(FIELDS) as EntryKind[];

export const asks = (kind: EntryKind, field: EntryField): boolean =>
  (ALWAYS as readonly EntryField[]).includes(field) ||
  (FIELDS[kind] as readonly EntryField[]).includes(field);

export const isTrade = (kind: EntryKind): boolean => kind === "buy" || kind === "sell";

/** Kinds whose units leave; a person writes them without a sign. */
export const unitsLeave = (kind: EntryKind): boolean =>
  kind === "sell" || kind === "transfer_out" || kind === "worthless";
