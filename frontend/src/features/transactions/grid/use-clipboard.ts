import { useState, type ClipboardEvent } from "react";
import { counted } from "@/shared/format/format";
import type { Entry } from "../entry-kinds";
import { COLUMNS, columnAt } from "./columns";
import { cellsText, parseCells, planPaste, PREVIEW_FROM, type PastePlan } from "./paste";
import type { Grid } from "./use-grid";
import type { CursorControl } from "./use-cursor";

export type PendingPaste = { plan: PastePlan; from: number; newRows: number };

const isTyping = (event: ClipboardEvent): boolean =>
  event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;

/** Ranges to and from a spreadsheet. */
export function useClipboard(
  { store, editor }: Grid,
  cursor: CursorControl,
  options: { isHidden: boolean; blank: () => Entry },
) {
  const [pending, setPending] = useState<PendingPaste | null>(null);

  const apply = async ({ plan, from }: PendingPaste) => {
    setPending(null);
    try {
      await store.need(from, from + plan.rows - 1);
      const count = await editor.paste(plan.cells, from, options.blank);
      store.set({ message: `Pasted ${counted(count, "cell")}` });
    } catch {
      store.set({ message: "Nothing was pasted: the server does not answer" });
    }
  };

  const onPaste = (event: ClipboardEvent) => {
    if (isTyping(event) || cursor.column === 0 || store.isReadOnly) return;
    event.preventDefault();
    const rows = parseCells(event.clipboardData.getData("text/plain"));
    if (rows.length === 0) return;
    const plan = isFilling(rows, cursor) ? filled(rows, cursor) : planPaste(rows, cursor.column);
    const from = cursor.range.top;
    const newRows = editor.newRowsOf(plan.rows, from);
    const next = { plan, from, newRows };
    const needsLook = newRows > 0 || plan.lostColumns > 0 || plan.cells.length > PREVIEW_FROM;
    if (needsLook) setPending(next);
    else void apply(next);
  };

  const onCopy = (event: ClipboardEvent) => {
    if (isTyping(event)) return;
    event.preventDefault();
    event.clipboardData.setData(
      "text/plain",
      rangeText({ store, editor }, cursor, options.isHidden),
    );
    const count = cursor.range.bottom - cursor.range.top + 1;
    store.set({ message: `Copied ${counted(count, "row")}` });
  };

  return { pending, setPending, apply, onPaste, onCopy };
}

/** One cell pasted over a range goes into each of its cells. */
const isFilling = (rows: readonly (readonly string[])[], { range }: CursorControl): boolean =>
  rows.length === 1 &&
  rows[0]?.length === 1 &&
  (range.bottom > range.top || range.right > range.left);

function filled(rows: readonly (readonly string[])[], { range }: CursorControl): PastePlan {
  const text = rows[0]?.[0] ?? "";
  const count = range.bottom - range.top + 1;
  const fields = COLUMNS.slice(Math.max(0, range.left - 1), range.right);
  const cells = Array.from({ length: count }, (_, row) => row).flatMap((row) =>
    fields.flatMap(({ field, editor }) => (editor ? [{ row, field, text }] : [])),
  );
  return { cells, rows: count, lostColumns: 0, hasHeader: false };
}

/** The range as tab-separated text, hidden amounts left out. */
function rangeText(
  { store, editor }: Pick<Grid, "store" | "editor">,
  { range }: CursorControl,
  isHidden: boolean,
): string {
  const rows = [];
  for (let index = range.top; index <= range.bottom; index += 1) {
    const row = store.rowAt(index);
    const cells = [];
    for (let place = Math.max(1, range.left); place <= range.right; place += 1) {
      const column = columnAt(place);
      if (!column || (column.isMoney && isHidden)) cells.push("");
      else if (column.field === "cash") cells.push(row?.record?.net_amount ?? "");
      else cells.push(editor.copied(row, column.field));
    }
    rows.push(cells);
  }
  return cellsText(rows);
}
