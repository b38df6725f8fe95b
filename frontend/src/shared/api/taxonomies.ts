import { queryOptions } from "@tanstack/react-query";
import { listTaxonomies } from "./gen/sdk.gen";
import { unwrap } from "./problem";

/** Everything about taxonomies; their edits change what the allocation shows, too. */
export const taxonomiesKey = ["taxonomies"] as const;

export const taxonomiesQuery = queryOptions({
  queryKey: [...taxonomiesKey, "list"],
  queryFn: ({ signal }) => unwrap(listTaxonomies({ signal })),
  staleTime: 60_000,
});
