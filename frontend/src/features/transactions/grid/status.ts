import { counted } from "@/shared/format/format";
import type { GridStore } from "./store";
import type { CursorControl } from "./use-cursor";

/** Today where the person is: the day they would write on a slip. */
export function today(): string {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 10);
}

const many = (count: number, one: string): string =>
  `${count.toLocaleString("en-US")} ${one}${count === 1 ? "" : "s"}`;

/** How much there is, what is chosen, and what is not saved yet. */
export function statusLine(store: GridStore, { anchor, range }: CursorControl): string {
  const { edits, drafts, callsUnderWay } = store.state;
  const rows = range.bottom - range.top + 1;
  const open = [...edits.values()].filter(({ base }) => base !== null).length;
  return [
    anchor ? `${many(rows, "row")} × ${String(range.right - range.left + 1)} chosen` : "",
    drafts.length > 0 ? counted(drafts.length, "new row") : "",
    open > 0 ? `${counted(open, "row")} changed` : "",
    callsUnderWay > 0 ? "saving…" : "",
    many(store.recordCount, "record"),
  ]
    .filter(Boolean)
    .join(" · ");
}
