import { createContext, useContext, type ReactNode } from "react";
import {
  ASSET_CLASSES,
  categoryNames,
  isNarrowed,
  sliceQuery,
  sliceText,
  type Slice,
  type SliceText,
} from "@/shared/slice";
import { percent, words } from "@/shared/format/format";
import { categoryTexts } from "@/shared/format/parts";
import { EmptyState } from "./states";

const Sliced = createContext<Slice | undefined>(undefined);

/** The part of the portfolio a page is of; undefined where it says nothing of parts. */
export const useSlice = () => useContext(Sliced);

/** For links to pages that can be of the same part. */
export function usePartSearch(): SliceText {
  const slice = useSlice();
  const named = Object.entries(slice ? sliceText(slice) : {});
  return Object.fromEntries(named.filter(([, names]) => names !== undefined));
}

/** How much of an instrument belongs to the part; nothing where all of it does. */
export const PartOf = ({ ratio }: { ratio: string }) =>
  ratio === "1" ? null : <span className="text-ink-2">, {percent(ratio)} of it</span>;

/** A page whose every figure is of a part: so are the explanations of them. */
export function OfSlice({ slice, children }: { slice: Slice; children: ReactNode }) {
  return <Sliced value={slice}>{children}</Sliced>;
}

/** Explanations that know parts; what explains lots and records is of accounts as they are. */
const FOLLOWING =
  /^\/api\/v1\/explain\/(holdings|allocation|overview|nav|flows|income|realized-gains)\b/;

/** A path of the API that asks for the same part; one that names an instrument is of that one. */
export function slicePath(path: string, slice: Slice | undefined): string {
  if (slice === undefined || !FOLLOWING.test(path)) return path;
  const isOfOne = /[?&]instrument_id=/.test(path);
  // gains that were realized are told in the currency the path names
  const isInOwn = path.startsWith("/api/v1/explain/realized-gains");
  const told = isInOwn ? { ...slice, base: undefined } : slice;
  const { instrument_id: of, ...others } = sliceQuery(undefined, told);
  const named = Object.entries(of && !isOfOne ? { ...others, instrument_id: of } : others);
  const asked = new URLSearchParams(
    named.flatMap(([name, values]) => [values].flat().map((value) => [name, value])),
  ).toString();
  return asked === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${asked}`;
}

/** Says that what follows is a part and not the whole. */
export function PartNote({ slice, what }: { slice: Slice; what: string }) {
  if (!isNarrowed(slice)) return null;
  const { classes, currencies, instruments, groups, tags, base } = slice;
  const { categories, unclassified } = categoryNames(slice);
  const of = [
    ...ASSET_CLASSES.filter((name) => classes.includes(name)).map((name) => words(name)),
    ...currencies,
    ...(instruments.length === 1 ? ["one instrument"] : []),
    ...(instruments.length > 1 ? [`${String(instruments.length)} instruments`] : []),
    ...categoryTexts(categories.length, unclassified.length),
    ...groups,
    ...tags.map((tag) => `#${tag}`),
  ];
  return (
    <p className="text-sm text-ink-2 mb-4" role="status">
      {of.length > 0 && `${what} of a part only: ${of.join(", ")}.`}
      {of.length > 0 && base !== undefined && " "}
      {base !== undefined && `Told in ${base}.`}
    </p>
  );
}

/** Where a part has nothing to show; the whole may have. */
export const NothingOfPart = ({ title = "Nothing of this part is held" }: { title?: string }) => (
  <EmptyState title={title}>
    <p>Other parts may have some: take a filter away to see them.</p>
  </EmptyState>
);
