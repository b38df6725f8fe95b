import { queryOptions } from "@tanstack/react-query";
import { getAllocation, getComposition, getTaxonomy } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import { taxonomiesKey } from "@/shared/api/taxonomies";

/** One taxonomy. What a person edits must not change under their hands: a save tells of others. */
export const taxonomyQuery = (id: string) =>
  queryOptions({
    queryKey: [...taxonomiesKey, "one", id],
    queryFn: ({ signal }) => unwrap(getTaxonomy({ path: { taxonomy_id: id }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** What is held, by this taxonomy, funds as funds: says what is not classified yet. */
export const heldQuery = (id: string) =>
  queryOptions({
    queryKey: ["valuation", "allocation", { by: id, isDirect: true }],
    queryFn: ({ signal }) =>
      unwrap(getAllocation({ query: { by: id, look_through: false }, signal })),
  });

/** What funds there are to say more of. */
export const fundsQuery = queryOptions({
  queryKey: ["valuation", "allocation", { by: "instrument", isDirect: true }],
  queryFn: ({ signal }) =>
    unwrap(getAllocation({ query: { by: "instrument", look_through: false }, signal })),
});

/** What a fund is made of; its version is what a form saw, so it stays until somebody saves. */
export const compositionQuery = (instrumentId: string) =>
  queryOptions({
    queryKey: [...taxonomiesKey, "composition", instrumentId],
    queryFn: ({ signal }) =>
      unwrap(getComposition({ path: { instrument_id: instrumentId }, signal })),
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
