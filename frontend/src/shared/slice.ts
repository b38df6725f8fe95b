import type { AssetClass } from "@/shared/api/gen/types.gen";

/** Which part of the portfolio a page is of; nothing named leaves nothing out. */
export type Slice = {
  classes: readonly AssetClass[];
  currencies: readonly string[];
  instruments: readonly string[];
  /** Categories of taxonomies; those of `NONE` and a taxonomy's id are what it leaves out. */
  categories: readonly string[];
  /** Accounts by their group and by their tags. */
  groups: readonly string[];
  tags: readonly string[];
  /** The currency of every figure, where it is another than usual. */
  base: string | undefined;
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
/** Before a taxonomy's id: what is in none of its categories. */
export const NONE = "none:";
const CATEGORY = new RegExp(ID.source.replace("^", `^(${NONE})?`));

/** How it stands in the address: names with commas between. */
export type SliceText = {
  classes?: string | undefined;
  currencies?: string | undefined;
  instruments?: string | undefined;
  categories?: string | undefined;
  groups?: string | undefined;
  tags?: string | undefined;
  base?: string | undefined;
};

const listed = (text: string | undefined): string[] => [
  ...new Set((text ?? "").split(",").filter((name) => name !== "")),
];

export const sliceOf = (text: SliceText): Slice => ({
  classes: ASSET_CLASSES.filter((name) => listed(text.classes).includes(name)),
  currencies: listed(text.currencies).filter((name) => CURRENCY.test(name)),
  instruments: listed(text.instruments).filter((name) => ID.test(name)),
  categories: listed(text.categories).filter((name) => CATEGORY.test(name)),
  groups: text.groups === undefined ? [] : [text.groups],
  tags: listed(text.tags),
  base: text.base !== undefined && CURRENCY.test(text.base) ? text.base : undefined,
});

export const sliceText = (slice: Slice): SliceText => ({
  classes: slice.classes.join(",") || undefined,
  currencies: slice.currencies.join(",") || undefined,
  instruments: slice.instruments.join(",") || undefined,
  categories: slice.categories.join(",") || undefined,
  groups: slice.groups[0],
  tags: slice.tags.join(",") || undefined,
  base: slice.base,
});

export const isSliced = (slice: Slice | undefined): slice is Slice =>
  slice !== undefined &&
  [slice.classes, slice.currencies, slice.instruments, slice.categories].some(
    (names) => names.length > 0,
  );

/** As the API names them: categories, and taxonomies whose unclassified part is meant. */
export const categoryNames = (slice: Slice) => ({
  categories: slice.categories.filter((name) => !name.startsWith(NONE)),
  unclassified: slice.categories
    .filter((name) => name.startsWith(NONE))
    .map((name) => name.slice(NONE.length)),
});

/** Whether it is of some accounts only, or in a currency that is not their own. */
export const isNarrowed = (slice: Slice | undefined): boolean =>
  slice !== undefined && Object.values(sliceText(slice)).some((part) => part !== undefined);

const categoryQuery = (slice: Slice) => {
  const { categories, unclassified } = categoryNames(slice);
  return {
    ...(categories.length ? { category_id: categories } : {}),
    ...(unclassified.length ? { unclassified_in: unclassified } : {}),
  };
};

/** The query of an answer that can be of a slice. */
export const sliceQuery = (account: string | undefined, slice?: Slice) => ({
  ...(account ? { account_id: [account] } : {}),
  ...(slice?.classes.length ? { asset_class: [...slice.classes] } : {}),
  ...(slice?.currencies.length ? { currency: [...slice.currencies] } : {}),
  ...(slice?.instruments.length ? { instrument_id: [...slice.instruments] } : {}),
  ...(slice ? categoryQuery(slice) : {}),
  ...(slice?.groups.length ? { account_group: [...slice.groups] } : {}),
  ...(slice?.tags.length ? { account_tag: [...slice.tags] } : {}),
  ...(slice?.base ? { base_currency: slice.base } : {}),
});

/** The same, for a report that is kept. */
export const sliceParameters = (slice: Slice) => ({
  account_groups: [...slice.groups],
  account_tags: [...slice.tags],
  base_currency: slice.base ?? null,
  instrument_ids: [...slice.instruments],
  asset_classes: [...slice.classes],
  currencies: [...slice.currencies],
  category_ids: categoryNames(slice).categories,
  unclassified_in: categoryNames(slice).unclassified,
});
