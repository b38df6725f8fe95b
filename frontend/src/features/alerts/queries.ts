import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { countUnreadAlerts, listAlertRules, listAlerts } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import { alertsKey } from "@/shared/live/alerts";

const PAGE = 20;

/** How many nobody has read; the live line says when to ask again, and so does a while. */
export const unreadQuery = queryOptions({
  queryKey: [...alertsKey, "unread"],
  queryFn: ({ signal }) => unwrap(countUnreadAlerts({ signal })),
  refetchInterval: 60_000,
});

export const rulesQuery = queryOptions({
  queryKey: [...alertsKey, "rules"],
  queryFn: ({ signal }) => unwrap(listAlertRules({ signal })),
});

/** What was told, the newest first; all of it, or what nobody has put away. */
export const alertsQuery = (isAll: boolean) =>
  infiniteQueryOptions({
    queryKey: [...alertsKey, "told", isAll],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        listAlerts({
          query: { limit: PAGE, only_open: !isAll, ...(pageParam ? { cursor: pageParam } : {}) },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
