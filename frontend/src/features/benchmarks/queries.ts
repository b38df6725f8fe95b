import { queryOptions } from "@tanstack/react-query";
import { listBenchmarks } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";

export const benchmarksKey = ["benchmarks"] as const;

export const benchmarksQuery = queryOptions({
  queryKey: benchmarksKey,
  queryFn: ({ signal }) => unwrap(listBenchmarks({ signal })),
  staleTime: 60_000,
});
