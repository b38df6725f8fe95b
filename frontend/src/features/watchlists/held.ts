import { useQueryClient } from "@tanstack/react-query";
import type { WatchlistOut } from "@/shared/api/gen/types.gen";
import { ProblemError } from "@/shared/api/problem";
import type { Told } from "@/shared/ui/toast";
import { arranged, watchlistsQuery, withList } from "./queries";

const KEY = watchlistsQuery.queryKey;
export const ORDERS = ["watchlists", "order"] as const;
/** One after the other: each names the version that the one before it made. */
export const ONE_BY_ONE = { id: "watchlists" };

/** What a refusal says; who was too late is told what to do. */
export const refusal = (error: Error): Told => ({
  text:
    error instanceof ProblemError && error.problem.code === "stale_version"
      ? "Somebody else changed it first. It is shown as it is now; do it again if it still fits."
      : error.message,
  isRefused: true,
});

/** One list in the cache: as it is shown now, and as it came back from an edit. */
export function useHeld(listId: string) {
  const queryClient = useQueryClient();
  const list = () => queryClient.getQueryData(KEY)?.items.find(({ id }) => id === listId);
  const version = () => list()?.version ?? 1;
  const put = (made: WatchlistOut) => {
    queryClient.setQueryData(KEY, (old) => withList(old, made));
  };
  /** `mine` is how many orders of one's own are among those under way. */
  const keep = (made: WatchlistOut, mine: number) => {
    const isOrdering = queryClient.isMutating({ mutationKey: ORDERS }) > mine;
    // an order that is still on its way counts, not the one it is to change
    const shown = list()?.items.map((item) => item.instrument_id) ?? [];
    put(isOrdering ? arranged(made, shown) : made);
  };
  const reload = () => queryClient.invalidateQueries({ queryKey: KEY });
  return { list, version, put, keep, reload };
}

export type Held = ReturnType<typeof useHeld>;
