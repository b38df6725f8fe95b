import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import {
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  type CSSProperties,
  type MouseEvent,
  type ReactNode,
  type RefObject,
} from "react";
import { bannerHeight } from "./conflict-banner";
import { COLUMN_COUNT, COLUMNS, TRACKS } from "./columns";
import { cellId } from "./grid-row";
import type { Place } from "./keys";
import type { CursorControl } from "./use-cursor";
import type { Grid } from "./use-grid";

export const ROW = 32;
const HEAD = 33;
const OVERSCAN = 6;
const LOAD_PAUSE_MS = 60; // while the scroll bar is dragged nothing in between is loaded

type Props = {
  grid: Grid;
  gridId: string;
  cursor: CursorControl;
  /** Set where the keyboard shall be in the grid after the next drawing. */
  wantsFocus: RefObject<boolean>;
  page: RefObject<number>;
  onGo: (to: Place, extendsRange: boolean) => void;
  onOpen: () => void;
  onLeave: () => void;
  onKeyDown: React.KeyboardEventHandler;
  onCopy: React.ClipboardEventHandler;
  onPaste: React.ClipboardEventHandler;
  renderRow: (index: number, style: CSSProperties) => ReactNode;
};

/** Rows of different height: those under review. */
function tallRows({ store }: Grid): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const [key, edit] of store.state.edits) {
    if (edit.status !== "conflict") continue;
    const index = store.indexOf(key);
    if (index >= 0) found.set(index, ROW + bannerHeight(edit));
  }
  return found;
}

/** The scrolling frame: a header that stays, the rows in sight, and the active one wherever it is. */
export function GridFrame(props: Props) {
  const { grid, gridId, cursor, wantsFocus, page, renderRow } = props;
  const { store } = grid;
  const frame = useRef<HTMLDivElement>(null);
  const count = store.rowCount;
  const tall = tallRows(grid);
  const heights = JSON.stringify([...tall]);
  // oxlint-disable-next-line react/incompatible-library -- the compiler it warns of is not used
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => frame.current,
    estimateSize: (index) => tall.get(index) ?? ROW,
    overscan: OVERSCAN,
    scrollMargin: HEAD,
    scrollPaddingStart: HEAD,
    // a cell that scrolled away keeps the keyboard
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), Math.min(cursor.row, count - 1)])]
        .filter((index) => index >= 0)
        .sort((a, b) => a - b),
    initialRect: { width: 1200, height: 660 },
  });
  useEffect(() => {
    virtual.measure();
  }, [virtual, heights]);
  const items = virtual.getVirtualItems();
  useLoading(grid, virtual.range);
  useLayoutEffect(() => {
    page.current = Math.max(1, Math.floor(((frame.current?.clientHeight ?? 660) - HEAD) / ROW) - 1);
    // rows come and go around the active one: the keyboard goes where it goes
    const held = frame.current?.contains(document.activeElement) ? document.activeElement : null;
    const id = cellId(gridId, cursor.row, cursor.column);
    const isElsewhere = held?.matches("[data-place]") === true && held.id !== id;
    if (!wantsFocus.current && !isElsewhere) return;
    virtual.scrollToIndex(cursor.row, { align: "auto" });
    const cell = document.getElementById(id);
    if (!cell) return;
    wantsFocus.current = false;
    if (cursor.editing) return;
    cell.focus({ preventScroll: true });
    intoSight(frame.current, cell);
  });
  const style = useMemo(() => ({ "--tracks": TRACKS }) as CSSProperties, []);
  const at = (event: MouseEvent) => placeOf(event.target);
  return (
    <div
      ref={frame}
      className="tg-frame"
      style={{ maxHeight: `clamp(${String(HEAD + 8 * ROW)}px, calc(100dvh - 176px), 1100px)` }}
    >
      <div
        role="grid"
        id={gridId}
        aria-label="Transactions"
        tabIndex={-1}
        aria-describedby={`${gridId}-keys`}
        aria-multiselectable="true"
        aria-readonly={store.isReadOnly}
        aria-rowcount={count + 1}
        aria-colcount={COLUMN_COUNT}
        style={style}
        onKeyDown={props.onKeyDown}
        onCopy={props.onCopy}
        onPaste={props.onPaste}
        onBlur={(event) => {
          const to = event.relatedTarget;
          if (to instanceof Node && !event.currentTarget.contains(to)) props.onLeave();
        }}
        onMouseDown={(event) => {
          const place = at(event);
          if (place && event.button === 0) props.onGo(place, event.shiftKey);
        }}
        onMouseMove={(event) => {
          if (event.buttons !== 1 || cursor.editing) return;
          const place = at(event);
          const isThere = place?.row === cursor.row && place.column === cursor.column;
          if (place && !isThere) props.onGo(place, true);
        }}
        onDoubleClick={(event) => {
          if (at(event)) props.onOpen();
        }}
      >
        <Head />
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {items.map(({ index, start, key }) => (
            <VirtualRow key={key} render={renderRow} index={index} start={start - HEAD} />
          ))}
        </div>
      </div>
    </div>
  );
}

type RowProps = { render: Props["renderRow"]; index: number; start: number };

const VirtualRow = ({ render, index, start }: RowProps) =>
  render(index, { transform: `translateY(${String(start)}px)` });

function Head() {
  return (
    <div role="rowgroup" className="tg-head-group">
      <div role="row" aria-rowindex={1} className="tg-head">
        <div role="columnheader" aria-colindex={1}>
          <span className="sr">More</span>
        </div>
        {COLUMNS.map(({ field, label, editor }, at) => (
          <div
            key={field}
            role="columnheader"
            aria-colindex={at + 2}
            className={editor === "number" || field === "cash" ? "text-right" : ""}
          >
            {label}
          </div>
        ))}
      </div>
    </div>
  );
}

/** What stands in sight is loaded once scrolling rests. */
function useLoading({ store }: Grid, range: { startIndex: number; endIndex: number } | null): void {
  const [first, last] = [range?.startIndex ?? 0, range?.endIndex ?? 0];
  const { sheet } = store.state;
  useEffect(() => {
    const timer = setTimeout(() => {
      if (sheet.pages.length > 0) void store.need(first - OVERSCAN, last + OVERSCAN);
    }, LOAD_PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [store, first, last, sheet]);
}

/** Sideways, which the virtual list knows nothing of. */
function intoSight(frame: HTMLElement | null, cell: HTMLElement): void {
  if (!frame) return;
  const { offsetLeft, offsetWidth } = cell;
  if (offsetLeft < frame.scrollLeft) frame.scrollLeft = offsetLeft;
  const overhang = offsetLeft + offsetWidth - frame.clientWidth;
  if (overhang > frame.scrollLeft) frame.scrollLeft = overhang;
}

function placeOf(target: EventTarget): Place | null {
  if (!(target instanceof Element) || target.closest("button, input, select, form")) return null;
  const cell = target.closest<HTMLElement>("[data-place]");
  const row = target.closest<HTMLElement>("[data-index]");
  if (!cell || !row) return null;
  return { row: Number(row.dataset["index"]), column: Number(cell.dataset["place"]) };
}
