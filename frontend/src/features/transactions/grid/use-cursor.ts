import { useState } from "react";
import type { Place } from "./keys";
import type { GridStore } from "./store";

/** `text` is what was typed to begin; null opens the cell as it is. */
export type Editing = { text: string | null };

type Cursor = Place & {
  /** The row by name: where it stands changes as rows come and go. */
  key: string | undefined;
  /** The other corner of a range. */
  anchor: Place | null;
  editing: Editing | null;
};

export type CursorControl = Cursor & {
  go: (to: Place, extendsRange?: boolean) => void;
  edit: (editing: Editing | null) => void;
  /** Whether a place lies in the range. */
  covers: (row: number, column: number) => boolean;
  range: { top: number; bottom: number; left: number; right: number };
};

const START: Cursor = { row: 0, column: 1, key: undefined, anchor: null, editing: null };

/** The one cell that takes the keyboard, and the range that begins there. */
export function useCursor(store: GridStore): CursorControl {
  const [cursor, setCursor] = useState(START);
  const at = placeNow(store, cursor);
  const go = (to: Place, extendsRange = false) => {
    const row = Math.max(0, Math.min(to.row, store.rowCount - 1));
    setCursor({
      row,
      column: to.column,
      key: store.rowAt(row)?.key,
      anchor: extendsRange ? (cursor.anchor ?? { row: at, column: cursor.column }) : null,
      editing: null,
    });
  };
  const edit = (editing: Editing | null) => {
    const key = store.rowAt(at)?.key;
    setCursor((before) => ({ ...before, row: at, key, anchor: null, editing }));
  };
  const other = cursor.anchor ?? { row: at, column: cursor.column };
  const range = {
    top: Math.min(at, other.row),
    bottom: Math.max(at, other.row),
    left: Math.min(cursor.column, other.column),
    right: Math.max(cursor.column, other.column),
  };
  const covers = (row: number, column: number) =>
    cursor.anchor !== null &&
    row >= range.top &&
    row <= range.bottom &&
    column >= range.left &&
    column <= range.right;
  return { ...cursor, row: at, go, edit, covers, range };
}

/** Where the active row stands now; its old place when it is gone. */
function placeNow(store: GridStore, cursor: Cursor): number {
  const last = Math.max(0, store.rowCount - 1);
  const place = Math.min(cursor.row, last);
  if (cursor.key === undefined || store.rowAt(place)?.key === cursor.key) return place;
  const moved = store.indexOf(cursor.key);
  return moved >= 0 ? moved : place;
}
