import type { AssetClass } from "@/shared/api/gen/types.gen";

/** Which part of the portfolio a page is of; nothing named leaves nothing out. */
export type Slice = {
  classes: readonly AssetClass[];
  currencies: readonly string[];
  instruments: readonly string[];
};

export const ASSET_CLASSES: readonly AssetClass[] = [
  "equity",
  "fund",
  "bond",
  "option",
  "crypto",
  "cash",
  "other",
];
const CURRENCY = /^[A-Z]{3}$/;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** How it stands in the address: names with commas between. */
export type SliceText = {
  classes?: string | undefined;
  currencies?: string | undefined;
  instruments?: string | undefined;
};

const listed = (text: string | undefined): string[] => [
  ...new Set((text ?? "").split(",").filter((name) => name !== "")),
];

export const sliceOf = (text: SliceText): Slice => ({
  classes: ASSET_CLASSES.filter((name) => listed(text.classes).includes(name)),
  currencies: listed(text.currencies).filter((name) => CURRENCY.test(name)),
  instruments: listed(text.instruments).filter((name) => ID.test(name)),
});

export const sliceText = (slice: Slice): SliceText => ({
  classes: slice.classes.join(",") || undefined,
  currencies: slice.currencies.join(",") || undefined,
  instruments: slice.instruments.join(",") || undefined,
});

export const isSliced = (slice: Slice | undefined): slice is Slice =>
  slice !== undefined &&
  slice.classes.length + slice.currencies.length + slice.instruments.length > 0;

/** The query of an answer that can be of a slice. */
export const sliceQuery = (account: string | undefined, slice?: Slice) => ({
  ...(account ? { account_id: [account] } : {}),
  ...(slice?.classes.length ? { asset_class: [...slice.classes] } : {}),
  ...(slice?.currencies.length ? { currency: [...slice.currencies] } : {}),
  ...(slice?.instruments.length ? { instrument_id: [...slice.instruments] } : {}),
});

/** The same for a report that is kept. */
export const sliceParameters = (slice: Slice) => ({
  instrument_ids: [...slice.instruments],
  asset_classes: [...slice.classes],
  currencies: [...slice.currencies],
});
