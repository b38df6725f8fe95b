import { queryOptions } from "@tanstack/react-query";
import type { TaxonomySummaryOut } from "./gen/types.gen";
import { getTaxonomy, listTaxonomies } from "./gen/sdk.gen";
import { unwrap } from "./problem";

/** Everything about taxonomies; their edits change what the allocation shows, too. */
export const taxonomiesKey = ["taxonomies"] as const;

export const taxonomiesQuery = queryOptions({
  queryKey: [...taxonomiesKey, "list"],
  queryFn: ({ signal }) => unwrap(listTaxonomies({ signal })),
  staleTime: 60_000,
});

/** The tree of a taxonomy at the version that was listed: for choosing, not for editing. */
export const treeQuery = ({ id, version }: Pick<TaxonomySummaryOut, "id" | "version">) =>
  queryOptions({
    queryKey: [...taxonomiesKey, "tree", id, version],
    queryFn: ({ signal }) => unwrap(getTaxonomy({ path: { taxonomy_id: id }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
