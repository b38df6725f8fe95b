import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Eye } from "lucide-react";
import { useState } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { useAttempt } from "@/shared/api/attempt";
import { createWatchlist, watchInstrument } from "@/shared/api/gen/sdk.gen";
import type { WatchlistOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { Toast, type Told } from "@/shared/ui/toast";
import { watchlistsQuery, withList } from "./queries";
import { refusal } from "./held";

type Props = { instrumentId: string; symbol: string };

const FIRST = "first";
const FIRST_NAME = "Watchlist";

/** Puts an instrument on a list, or on a first one that is made for it. */
export function WatchButton({ instrumentId, symbol }: Props) {
  const [told, setTold] = useState<Told | null>(null);
  const { data, error, refetch } = useQuery(watchlistsQuery);
  const watch = useWatch(instrumentId, symbol, setTold);
  const lists = data?.items ?? [];
  const on = lists.filter(({ items }) => items.some((one) => one.instrument_id === instrumentId));
  return (
    <>
      <MenuTrigger>
        <Button className="btn line" isDisabled={watch.isPending || (!data && !error)}>
          <Eye aria-hidden="true" size={16} />
          {on.length > 0 ? "Watched" : "Watch"}
        </Button>
        <Popover className="popover max-h-72 overflow-auto" placement="bottom end">
          <Menu
            aria-label={`Watch ${symbol} on`}
            className="outline-none"
            disabledKeys={on.map(({ id }) => id)}
            onAction={(id) => {
              if (!data) void refetch();
              else watch.mutate(lists.find((list) => list.id === id) ?? null);
            }}
          >
            {lists.map((list) => (
              <MenuItem key={list.id} id={list.id} textValue={list.name}>
                <span className="truncate min-w-0">{list.name}</span>
                {on.includes(list) && <span className="text-ink-2 ml-auto">on it</span>}
              </MenuItem>
            ))}
            {lists.length === 0 && (
              <MenuItem id={FIRST} textValue="First">
                {data
                  ? `A first list, “${FIRST_NAME}”`
                  : "The lists could not be loaded: try again"}
              </MenuItem>
            )}
          </Menu>
        </Popover>
      </MenuTrigger>
      <Toast
        told={told}
        onClose={() => {
          setTold(null);
        }}
      />
    </>
  );
}

function useWatch(instrumentId: string, symbol: string, tell: (told: Told) => void) {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  const { queryKey } = watchlistsQuery;
  const keep = (made: WatchlistOut) => {
    queryClient.setQueryData(queryKey, (old) => withList(old, made));
  };
  return useMutation({
    mutationFn: async (list: WatchlistOut | null) => {
      const headers = { "Idempotency-Key": attempt.keyFor(FIRST_NAME) };
      const on = list ?? (await unwrap(createWatchlist({ body: { name: FIRST_NAME }, headers })));
      keep(on);
      const body = { instrument_id: instrumentId };
      return unwrap(watchInstrument({ path: { watchlist_id: on.id }, body }));
    },
    onSuccess: (made) => {
      attempt.settle();
      keep(made);
      tell({ text: `${symbol} is on ${made.name}`, isRefused: false });
    },
    onError: (error) => {
      tell(refusal(error));
      return queryClient.invalidateQueries({ queryKey });
    },
  });
}
