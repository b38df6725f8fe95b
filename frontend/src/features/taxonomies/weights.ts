import Big from "big.js";
import type { AssignmentOut, CategoryOut, TaxonomyOut } from "@/shared/api/gen/types.gen";
import { ratioOf } from "@/shared/format/percent";

/** A weight as typed in percent, as a ratio; null for what is none above 0 and up to 100. */
export function typedWeight(percent: string): string | null {
  const plain = percent.replace("%", "").trim();
  if (!/^\d{1,3}(\.\d{1,6})?$/.test(plain)) return null;
  const ratio = new Big(ratioOf(plain));
  return ratio.gt(0) && ratio.lte(1) ? ratio.toFixed() : null;
}

export const weightsOf = (data: TaxonomyOut, instrumentId: string): AssignmentOut[] =>
  data.assignments.filter((found) => found.instrument_id === instrumentId);

/** What the weights of an instrument leave of the whole. */
export const restOf = (weights: readonly AssignmentOut[]): string =>
  weights.reduce((rest, { weight_ratio: weight }) => rest.minus(weight), new Big(1)).toFixed();

/** One instrument's weights with another one in one category; null takes it out of there. */
export function withWeight(
  data: TaxonomyOut,
  instrumentId: string,
  categoryId: string,
  ratio: string | null,
) {
  const others = weightsOf(data, instrumentId).filter((held) => held.category_id !== categoryId);
  const weights = others.map(({ category_id, weight_ratio }) => ({ category_id, weight_ratio }));
  return {
    instrument_id: instrumentId,
    weights:
      ratio === null ? weights : [...weights, { category_id: categoryId, weight_ratio: ratio }],
  };
}

/** A category with how deep it stands; the list is in the order of the tree already. */
export function withDepth(categories: readonly CategoryOut[]): (CategoryOut & { depth: number })[] {
  const depths = new Map<string, number>();
  return categories.map((category) => {
    const depth = category.parent_id === null ? 0 : (depths.get(category.parent_id) ?? 0) + 1;
    depths.set(category.id, depth);
    return { ...category, depth };
  });
}

/** A category and all below it. */
export function below(categories: readonly CategoryOut[], id: string): Set<string> {
  const found = new Set([id]);
  for (const category of categories) {
    if (category.parent_id !== null && found.has(category.parent_id)) found.add(category.id);
  }
  return found;
}

const INDENT = "\u2003";

/** Categories as choices of a list, indented as they stand. */
export const options = (
  categories: readonly CategoryOut[],
  without: ReadonlySet<string> = new Set(),
): (readonly [string, string])[] =>
  withDepth(categories)
    .filter((category) => !without.has(category.id))
    .map(({ id, name, depth }) => [id, `${INDENT.repeat(depth)}${name}`] as const);
