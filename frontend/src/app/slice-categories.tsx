import { useQueries, useQuery } from "@tanstack/react-query";
import type { CategoryOut } from "@/shared/api/gen/types.gen";
import { taxonomiesQuery, treeQuery } from "@/shared/api/taxonomies";
import { NONE } from "@/shared/slice";
import { SelectField } from "@/shared/ui/field";

/** Every category by the name it has in the address, as a person reads it; null while it loads. */
function useCategories(): ReadonlyMap<string, string> | null {
  const list = useQuery(taxonomiesQuery);
  const trees = useQueries({ queries: (list.data?.items ?? []).map((one) => treeQuery(one)) });
  if (list.data === undefined || trees.some((tree) => tree.data === undefined)) return null;
  return new Map(
    trees.flatMap(({ data }) =>
      data === undefined
        ? []
        : [
            ...data.categories.map(
              (one) => [one.id, `${data.name}: ${pathOf(one, data.categories)}`] as const,
            ),
            [`${NONE}${data.id}`, `${data.name}: not classified`] as const,
          ],
    ),
  );
}

function pathOf(category: CategoryOut, all: readonly CategoryOut[]): string {
  const parent = all.find((one) => one.id === category.parent_id);
  return parent === undefined ? category.name : `${pathOf(parent, all)} › ${category.name}`;
}

type FieldProps = { chosen: readonly string[]; onAdd: (name: string) => void };

/** A category of any taxonomy; nothing to choose where there is none. */
export function CategoryField({ chosen, onAdd }: FieldProps) {
  const categories = useCategories();
  if (!categories?.size) return null;
  return (
    <SelectField
      label="Category"
      value=""
      options={[
        ["", chosen.length ? "Add…" : "All"],
        ...[...categories].filter(([name]) => !chosen.includes(name)),
      ]}
      onChange={(event) => {
        if (event.target.value) onAdd(event.target.value);
      }}
    />
  );
}

/** What a chosen category is called, also when nobody knows it any more. */
export function useCategoryName(): (name: string) => string {
  const categories = useCategories();
  return (name) =>
    categories === null ? "A category" : (categories.get(name) ?? "A category that was removed");
}
