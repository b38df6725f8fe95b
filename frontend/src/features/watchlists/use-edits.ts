import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import {
  noteWatched,
  renameWatchlist,
  unwatchInstrument,
  watchInstrument,
} from "@/shared/api/gen/sdk.gen";
import type { WatchedOut, WatchIn, WatchlistOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import type { Tell, Told } from "@/shared/ui/toast";
import { ONE_BY_ONE, refusal, useHeld, type Held } from "./held";
import { useMoves } from "./use-moves";

type Edit = {
  call: (version: number) => Promise<WatchlistOut>;
  told?: Omit<Told, "isRefused">;
};

/** Edits of one list, each naming the version it saw; what came of them is told. */
export function useEdits(listId: string, tell: Tell) {
  const held = useHeld(listId);
  const onRefused = (error: Error) => {
    tell(refusal(error));
    return held.reload();
  };
  const { move, drop } = useMoves(listId, held, onRefused);
  const { mutate } = useMutation({
    scope: ONE_BY_ONE,
    mutationFn: ({ call }: Edit) => call(held.version()),
    onSuccess: (made, { told }) => {
      held.keep(made, 0);
      if (told) tell({ ...told, isRefused: false });
    },
    onError: (error) => {
      drop();
      return onRefused(error);
    },
  });
  const path = { watchlist_id: listId };
  const add = (body: WatchIn, symbol: string) => {
    mutate({
      call: () => unwrap(watchInstrument({ path, body })),
      told: { text: `${symbol} is on ${nameOf(held)}` },
    });
  };
  const takeAway = useTakeAway(listId, held, mutate, add);
  return {
    add,
    move,
    takeAway,
    rename: (name: string) => {
      mutate({ call: (version) => unwrap(renameWatchlist({ path, body: { version, name } })) });
    },
    note: ({ instrument_id }: WatchedOut, note: string) => {
      mutate({
        call: async (version) => {
          // Enter saved it, and leaving the field does so again
          const now = held.list();
          const is = now?.items.find((one) => one.instrument_id === instrument_id);
          return now && is?.note === note
            ? now
            : unwrap(noteWatched({ path: { ...path, instrument_id }, body: { version, note } }));
        },
      });
    },
  };
}

const nameOf = (held: Held): string => held.list()?.name ?? "the list";

function useTakeAway(
  listId: string,
  held: Held,
  mutate: (edit: Edit) => void,
  add: (body: WatchIn, symbol: string) => void,
) {
  const going = useRef(new Set<string>());
  return ({ instrument_id, note, symbol }: WatchedOut, place: number) => {
    // pressed twice, it goes once
    if (going.current.has(instrument_id)) return;
    going.current.add(instrument_id);
    const path = { watchlist_id: listId, instrument_id };
    mutate({
      call: (version) =>
        unwrap(unwatchInstrument({ path, query: { version } })).finally(() => {
          going.current.delete(instrument_id);
        }),
      told: {
        text: `${symbol} was taken off ${nameOf(held)}`,
        undo: () => {
          add({ instrument_id, note, place }, symbol);
        },
      },
    });
  };
}

export type Edits = ReturnType<typeof useEdits>;
