import { queryOptions } from "@tanstack/react-query";
import { listWatchlists } from "@/shared/api/gen/sdk.gen";
import type { WatchlistOut, WatchlistsOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";

/** Every list and what is on it. What a person edits must not change under their hands. */
export const watchlistsQuery = queryOptions({
  queryKey: ["watchlists"],
  queryFn: ({ signal }) => unwrap(listWatchlists({ signal })),
  staleTime: 60_000,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
});

/** All lists with one of them as it is now; a new one is the last. */
export function withList(old: WatchlistsOut | undefined, made: WatchlistOut) {
  if (!old) return old;
  const isNew = old.items.every(({ id }) => id !== made.id);
  const items = old.items.map((one) => (one.id === made.id ? made : one));
  return { ...old, items: isNew ? [...items, made] : items };
}

/** What is on a list in another order; what the order does not name stands at the end. */
export function arranged(list: WatchlistOut, order: readonly string[]): WatchlistOut {
  const place = (id: string) => {
    const found = order.indexOf(id);
    return found === -1 ? order.length : found;
  };
  return {
    ...list,
    items: list.items.toSorted((a, b) => place(a.instrument_id) - place(b.instrument_id)),
  };
}
