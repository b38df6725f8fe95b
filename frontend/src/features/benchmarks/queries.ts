import { queryOptions } from "@tanstack/react-query";
import { getInstrument, listBenchmarks, listInstruments } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";

export const benchmarksKey = ["benchmarks"] as const;

export const benchmarksQuery = queryOptions({
  queryKey: benchmarksKey,
  queryFn: ({ signal }) => unwrap(listBenchmarks({ signal })),
  staleTime: 60_000,
});

/** Instruments that fit; the first ones while nothing is typed. */
export const foundQuery = (words: string) =>
  queryOptions({
    queryKey: ["instruments", "listed", words],
    queryFn: ({ signal }) =>
      unwrap(
        listInstruments({ query: { limit: 200, ...(words ? { query: words } : {}) }, signal }),
      ),
    staleTime: 60_000,
  });

export const namedQuery = (id: string) =>
  queryOptions({
    queryKey: ["instruments", "one", id],
    queryFn: ({ signal }) => unwrap(getInstrument({ path: { instrument_id: id }, signal })),
    staleTime: 300_000,
  });
