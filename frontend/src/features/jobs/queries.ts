import { infiniteQueryOptions, queryOptions, useQuery } from "@tanstack/react-query";
import { getJobsSummary, listBackfills, listJobs } from "@/shared/api/gen/sdk.gen";
import type { JobsSummaryOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import type { JobState } from "./kinds";

export type JobFilter = {
  state?: JobState | undefined;
  kind?: string | undefined;
  /** The backfill whose parts are wanted. */
  batch?: string | undefined;
};

/** Every key of this page starts here, so one call can invalidate them all. */
export const jobsKey = ["operations", "jobs"] as const;

const PAGE = 20;
const OPEN: readonly JobState[] = ["running", "waiting", "retrying"];
// while something is open, and while nothing is: the schedule may begin something
const BUSY_MS = 4000;
const CALM_MS = 20_000;

const isBusy = (summary: JobsSummaryOut | undefined): boolean =>
  summary?.counts.some(({ state }) => OPEN.includes(state)) ?? false;

/** What asks providers is paused where the installation is offline. */
export const isOffline = (summary: JobsSummaryOut | undefined): boolean =>
  summary?.schedule.some((entry) => entry.is_paused) ?? false;

export const summaryQuery = () =>
  queryOptions({
    queryKey: [...jobsKey, "summary"],
    queryFn: ({ signal }) => unwrap(getJobsSummary({ signal })),
    refetchInterval: ({ state }) => (isBusy(state.data) ? BUSY_MS : CALM_MS),
  });

/** How often lists are asked for again; not at all while nobody looks at the page. */
export function usePace(): number {
  const { data } = useQuery(summaryQuery());
  return isBusy(data) ? BUSY_MS : CALM_MS;
}

export const jobsQuery = ({ state, kind, batch }: JobFilter) =>
  infiniteQueryOptions({
    queryKey: [...jobsKey, "list", state, kind, batch],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        listJobs({
          query: {
            limit: PAGE,
            ...(state ? { state } : {}),
            ...(kind ? { kind } : {}),
            ...(batch ? { batch_id: batch } : {}),
            ...(pageParam ? { cursor: pageParam } : {}),
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const backfillsQuery = () =>
  infiniteQueryOptions({
    queryKey: [...jobsKey, "backfills"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        listBackfills({ query: { limit: 5, ...(pageParam ? { cursor: pageParam } : {}) }, signal }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
