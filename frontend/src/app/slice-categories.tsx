import { useQueries, useQuery } from "@tanstack/react-query";
import type { CategoryOut, TaxonomyOut, TaxonomySummaryOut } from "@/shared/api/gen/types.gen";
import { taxonomiesQuery, treeQuery } from "@/shared/api/taxonomies";
import { NONE } from "@/shared/slice";
import { SelectField } from "@/shared/ui/field";

type Categories = {
  /** Every category by the name it has in the address, as a person reads it. */
  names: ReadonlyMap<string, string>;
  isLoading: boolean;
  /** Taxonomies whose categories are not there; null where not even those are known. */
  failed: readonly string[] | null;
  onRetry: () => void;
};

function useCategories(): Categories {
  const list = useQuery(taxonomiesQuery);
  const all = list.data?.items ?? [];
  const trees = useQueries({ queries: all.map((one) => treeQuery(one)) });
  const known = trees.flatMap(({ data }) => (data ? namesOf(data) : []));
  const isListed = list.data !== undefined;
  return {
    names: new Map(known),
    isLoading: (!isListed && !list.isError) || trees.some((tree) => tree.isPending),
    failed:
      !isListed && list.isError
        ? null
        : all.filter((_, place) => trees[place]?.isLoadingError).map((one) => one.name),
    onRetry: () => {
      if (list.isError) void list.refetch();
      for (const tree of trees) if (tree.isError) void tree.refetch();
    },
  };
}

const namesOf = ({ id, name, categories }: TaxonomyOut) => [
  ...categories.map((one) => [one.id, `${name}: ${pathOf(one, categories)}`] as const),
  noneOf({ id, name }),
];

/** What a taxonomy has in none of its categories. */
const noneOf = ({
  id,
  name,
}: Pick<TaxonomySummaryOut, "id" | "name">): readonly [string, string] => [
  `${NONE}${id}`,
  `${name}: not classified`,
];

function pathOf(category: CategoryOut, all: readonly CategoryOut[]): string {
  const parent = all.find((one) => one.id === category.parent_id);
  return parent === undefined ? category.name : `${pathOf(parent, all)} › ${category.name}`;
}

type FieldProps = { chosen: readonly string[]; onAdd: (name: string) => void };

/** A category of any taxonomy; nothing to choose where there is none. */
export function CategoryField({ chosen, onAdd }: FieldProps) {
  const { names, failed, onRetry } = useCategories();
  return (
    <>
      {names.size > 0 && (
        <SelectField
          label="Category"
          value=""
          options={[
            ["", chosen.length ? "Add…" : "All"],
            ...[...names].filter(([name]) => !chosen.includes(name)),
          ]}
          onChange={(event) => {
            if (event.target.value) onAdd(event.target.value);
          }}
        />
      )}
      {failed?.length !== 0 && (
        <p className="text-sm text-ink-2 col-span-2 self-end" role="status">
          The categories{failed && ` of ${failed.join(", ")}`} could not be loaded.{" "}
          <button type="button" className="lnk" onClick={onRetry}>
            Load categories again
          </button>
        </p>
      )}
    </>
  );
}

/** What a chosen category is called, also when nobody knows it any more. */
export function useCategoryName(): (name: string) => string {
  const { names, isLoading, failed } = useCategories();
  const { data } = useQuery(taxonomiesQuery);
  const unclassified = new Map((data?.items ?? []).map((one) => noneOf(one)));
  const unnamed = isLoading
    ? "A category"
    : failed?.length === 0
      ? "A category that was removed"
      : "A category that could not be loaded";
  return (name) => names.get(name) ?? unclassified.get(name) ?? unnamed;
}
