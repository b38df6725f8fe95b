import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { currentMe } from "@/shared/api/session";
import type { AccountOut } from "@/shared/api/gen/types.gen";
import { RECORD_KEYS, type TransactionFilter } from "../queries";
import { RowEditor } from "./editor";
import { keepIn, restoreFrom } from "./kept";
import { Saver } from "./saving";
import { SERVER } from "./server";
import { GridStore, type GridState } from "./store";

export type Grid = { store: GridStore; saver: Saver; editor: RowEditor };

const FILTER_PAUSE_MS = 120; // while words are typed into a filter

/** The rows of the grid and what can be done with them, for as long as the page stands. */
export function useGrid(filter: TransactionFilter, accounts: readonly AccountOut[]): Grid {
  const queries = useQueryClient();
  const [grid] = useState((): Grid => {
    const store = new GridStore(SERVER, filter, accounts);
    const saver = new Saver(store, () => {
      // other pages ask anew when they are opened; this one keeps its rows where they stand
      for (const key of RECORD_KEYS) {
        void queries.invalidateQueries({ queryKey: [key], refetchType: "none" });
      }
    });
    restoreFrom(sessionStorage, currentMe()?.user.id ?? "", store, saver);
    return { store, saver, editor: new RowEditor(store, saver, navigator.language) };
  });
  const { store, saver, editor } = grid;
  useEffect(() => {
    store.set({ accounts });
  }, [store, accounts]);
  useEffect(() => keepIn(sessionStorage, currentMe()?.user.id ?? "", store, saver), [store, saver]);
  const asked = JSON.stringify(filter);
  useEffect(() => {
    const wanted = JSON.parse(asked) as TransactionFilter;
    const isFirst = store.state.phase === "loading";
    const timer = setTimeout(() => void store.load(wanted), isFirst ? 0 : FILTER_PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [store, asked]);
  // what was typed last is saved when the page is left; what could not be goes on when it is opened
  useEffect(() => {
    editor.resume();
    return () => {
      editor.leave();
    };
  }, [editor]);
  return grid;
}

export const useGridState = (store: GridStore): GridState =>
  useSyncExternalStore(store.subscribe, store.snapshot);
