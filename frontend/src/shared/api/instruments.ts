import { queryOptions } from "@tanstack/react-query";
import { getInstrument, listInstruments } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "./problem";

/** The first ones that fit; more words find the others. */
export const instrumentsQuery = (words: string, limit = 30) =>
  queryOptions({
    queryKey: ["instruments", "search", words, limit],
    queryFn: ({ signal }) =>
      unwrap(listInstruments({ query: { limit, ...(words ? { query: words } : {}) }, signal })),
    staleTime: 60_000,
  });

export const instrumentQuery = (id: string) =>
  queryOptions({
    queryKey: ["instruments", id],
    queryFn: ({ signal }) => unwrap(getInstrument({ path: { instrument_id: id }, signal })),
  });
