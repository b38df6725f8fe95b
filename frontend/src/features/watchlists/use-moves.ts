import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { reorderWatched } from "@/shared/api/gen/sdk.gen";
import type { WatchedOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { moved } from "@/shared/format/sources";
import { ONE_BY_ONE, ORDERS, type Held } from "./held";
import { arranged } from "./queries";

type Order = { ids: readonly string[]; round: number };

/** Rows put further up or down: shown at once, and sent one after the other. */
export function useMoves(listId: string, held: Held, onRefused: (error: Error) => unknown) {
  const { list, put, keep, version } = held;
  const rounds = useRef(0);
  /** Orders that wait were made of what is not there any more. */
  const drop = () => {
    rounds.current += 1;
  };
  const order = useMutation({
    scope: ONE_BY_ONE,
    mutationKey: ORDERS,
    mutationFn: async ({ ids, round }: Order) =>
      round === rounds.current
        ? unwrap(
            reorderWatched({
              path: { watchlist_id: listId },
              body: { version: version(), instrument_ids: [...ids] },
            }),
          )
        : null,
    onSuccess: (made) => {
      if (made) keep(made, 1);
    },
    onError: (error) => {
      drop();
      return onRefused(error);
    },
  });
  /** The new place, or null where it cannot go further. */
  const move = (item: WatchedOut, by: 1 | -1): number | null => {
    const now = list();
    const ids = now?.items.map((one) => one.instrument_id) ?? [];
    const from = ids.indexOf(item.instrument_id);
    if (!now || from === -1 || ids[from + by] === undefined) return null;
    const next = moved(ids, from, by);
    put(arranged(now, next));
    order.mutate({ ids: next, round: rounds.current });
    return from + by;
  };
  return { move, drop };
}
