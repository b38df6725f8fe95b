import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { getImport, listImportRows, listImports } from "@/shared/api/gen/sdk.gen";
import type { BatchStatus, RowStatus } from "./model";
import { unwrap } from "@/shared/api/problem";

const POLL_MS = 350;
const RUNNING: readonly BatchStatus[] = ["uploaded", "reading", "committing", "undoing"];

export const isRunning = (status: BatchStatus): boolean => RUNNING.includes(status);

export const importsQuery = queryOptions({
  queryKey: ["imports", "list"],
  queryFn: ({ signal }) => unwrap(listImports({ query: { limit: 50 }, signal })),
});

/** Polled while the server works on it, and left alone when it does not. */
export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ["imports", "one", id],
    queryFn: ({ signal }) => unwrap(getImport({ path: { import_id: id }, signal })),
    refetchInterval: (query) =>
      query.state.data && isRunning(query.state.data.status) ? POLL_MS : false,
    staleTime: 0,
  });

export const importRowsQuery = (id: string, status: RowStatus | undefined, version: number) =>
  infiniteQueryOptions({
    queryKey: ["imports", "rows", id, status ?? "all", version],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        listImportRows({
          path: { import_id: id },
          query: {
            limit: 100,
            ...(status ? { status } : {}),
            ...(pageParam ? { cursor: pageParam } : {}),
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
