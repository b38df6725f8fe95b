import { useRef, type KeyboardEvent, type RefObject } from "react";
import { COLUMN_COUNT, columnAt, MENU_COLUMN } from "./columns";
import { intentOf, type Intent, type Place } from "./keys";
import type { RowView } from "./rows";
import type { Grid } from "./use-grid";
import type { CursorControl } from "./use-cursor";

type Acts = {
  go: (to: Place, extendsRange?: boolean) => void;
  edit: (text: string | null) => void;
  add: () => void;
  remove: () => void;
  details: (row: RowView) => void;
};

/** Keys on a cell that is not being edited. */
export function useGridKeys(
  { store, editor }: Grid,
  cursor: CursorControl,
  page: RefObject<number>,
  acts: Acts,
) {
  const isLeaving = useRef(false);

  const openMenu = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLElement) event.target.querySelector("button")?.click();
  };

  const clear = () => {
    const cells = [];
    for (let index = cursor.range.top; index <= cursor.range.bottom; index += 1) {
      const row = store.rowAt(index);
      for (let place = Math.max(1, cursor.range.left); place <= cursor.range.right; place += 1) {
        const field = columnAt(place)?.field;
        if (row && field && field !== "cash") cells.push({ row, field, typed: { text: "" } });
      }
    }
    editor.put(cells);
  };

  const act = (intent: NonNullable<Intent>, event: KeyboardEvent) => {
    switch (intent.do) {
      case "move":
        return acts.go(intent.to, intent.extends);
      case "edit":
        return cursor.column === MENU_COLUMN ? openMenu(event) : acts.edit(intent.text);
      case "clear":
        return clear();
      case "delete":
        return acts.remove();
      case "undo":
        return void editor.undo();
      case "redo":
        return void editor.redo();
      case "add":
        return acts.add();
      case "details": {
        const row = store.rowAt(cursor.row);
        return row && acts.details(row);
      }
      case "leave":
        isLeaving.current = true;
        store.set({ message: "Tab leaves the grid" });
    }
  };

  return (event: KeyboardEvent) => {
    if (cursor.editing || !isCell(event.target)) return;
    // Escape and then Tab is the way out: a grid that keeps Tab must have one
    if (event.key === "Tab" && isLeaving.current) return;
    if (event.key !== "Shift") isLeaving.current = false;
    const bounds = { rows: store.rowCount, columns: COLUMN_COUNT, page: page.current };
    const intent = intentOf({ row: cursor.row, column: cursor.column }, event, bounds);
    if (intent === null) return;
    event.preventDefault();
    act(intent, event);
  };
}

const isCell = (target: EventTarget): boolean =>
  target instanceof HTMLElement && target.matches("[data-place]");
