import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useAttempt } from "@/shared/api/attempt";
import { createWatchlist, removeWatchlist, reorderWatchlists } from "@/shared/api/gen/sdk.gen";
import type { WatchlistOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { moved } from "@/shared/format/sources";
import type { Tell } from "@/shared/ui/toast";
import { watchlistsQuery, withList } from "./queries";
import { ONE_BY_ONE, refusal } from "./held";

const KEY = watchlistsQuery.queryKey;

/** Makes a list; the same one sent again after a lost answer is made once. */
export function useCreate(onMade: (made: WatchlistOut) => void) {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  return useMutation({
    mutationFn: (name: string) =>
      unwrap(
        createWatchlist({ body: { name }, headers: { "Idempotency-Key": attempt.keyFor(name) } }),
      ),
    onSuccess: (made) => {
      attempt.settle();
      queryClient.setQueryData(KEY, (old) => withList(old, made));
      onMade(made);
    },
  });
}

/** A list put further up or down among the others, or removed. */
export function useLists(tell: Tell) {
  const queryClient = useQueryClient();
  const onError = (error: Error) => {
    tell(refusal(error));
    return queryClient.invalidateQueries({ queryKey: KEY });
  };
  const move = useMutation({
    scope: ONE_BY_ONE,
    mutationFn: ({ list, by }: { list: WatchlistOut; by: 1 | -1 }) => {
      const lists = queryClient.getQueryData(KEY)?.items ?? [];
      const ids = lists.map(({ id }) => id);
      const versions = new Map(lists.map(({ id, version }) => [id, version]));
      const items = moved(ids, ids.indexOf(list.id), by).map((id) => ({
        id,
        version: versions.get(id) ?? 1,
      }));
      return unwrap(reorderWatchlists({ body: { items } }));
    },
    onSuccess: (all) => {
      queryClient.setQueryData(KEY, all);
    },
    onError,
  });
  const remove = useMutation({
    scope: ONE_BY_ONE,
    mutationFn: ({ id, version: seen }: WatchlistOut) => {
      // an edit of one's own may have been on its way
      const now = queryClient.getQueryData(KEY)?.items.find((one) => one.id === id);
      const version = now?.version ?? seen;
      return unwrap(removeWatchlist({ path: { watchlist_id: id }, query: { version } }));
    },
    onSuccess: (_, { id, name }) => {
      queryClient.setQueryData(KEY, (old) =>
        old ? { ...old, items: old.items.filter((one) => one.id !== id) } : old,
      );
      tell({ text: `${name} was removed`, isRefused: false });
    },
    onError,
  });
  return { move, remove };
}
