import { Ellipsis } from "lucide-react";
import { memo, type CSSProperties, type ReactNode } from "react";
import type { AccountOut } from "@/shared/api/gen/types.gen";
import { day, words } from "@/shared/format/format";
import { CellEditor } from "./cell-editor";
import { cellText } from "./cells";
import { COLUMN_COUNT, COLUMNS, MENU_COLUMN, placeOf, type GridField } from "./columns";
import { GridCell, shownIn } from "./grid-cell";
import type { EditorProps } from "./ending";
import type { RowEdit, RowView } from "./rows";
import type { CursorControl } from "./use-cursor";

type Props = {
  gridId: string;
  index: number;
  row: RowView | undefined;
  accounts: readonly AccountOut[];
  isHidden: boolean;
  isReadOnly: boolean;
  cursor: CursorControl;
  lock: (row: RowView, field: GridField) => string | null;
  style: CSSProperties;
  onMenu: (row: RowView, at: HTMLElement) => void;
  onCommit: EditorProps["onCommit"];
  onCancel: EditorProps["onCancel"];
  children?: ReactNode;
};

export const cellId = (gridId: string, row: number, place: number): string =>
  `${gridId}-${String(row)}-${String(place)}`;

/** What a row is about, for those who do not see it. */
export function rowName({ record, entry }: RowView): string {
  const kind = entry?.kind ?? record?.kind ?? "";
  const symbol = entry?.instrument?.symbol ?? record?.symbol;
  const date = entry?.date ?? record?.trade_date;
  const what = [words(kind), symbol].filter(Boolean).join(" ");
  const isDay = date !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(date);
  return `${what}, ${isDay ? day(date) : "no day"}${record ? "" : ", new"}`;
}

const isTouched = ({ cursor, index, children }: Props): boolean =>
  cursor.row === index ||
  (cursor.anchor !== null && index >= cursor.range.top && index <= cursor.range.bottom) ||
  Boolean(children);

/** A row away from the cursor is drawn again only when what it shows is another. */
const isSame = (before: Props, now: Props): boolean =>
  !isTouched(before) &&
  !isTouched(now) &&
  before.index === now.index &&
  before.row?.key === now.row?.key &&
  before.row?.record === now.row?.record &&
  before.row?.edit === now.row?.edit &&
  before.accounts === now.accounts &&
  before.isHidden === now.isHidden &&
  before.isReadOnly === now.isReadOnly &&
  before.style.transform === now.style.transform;

export const GridRow = memo(DrawnRow, isSame);

function DrawnRow(props: Props) {
  const { index, row, cursor, children } = props;
  const isActive = cursor.row === index;
  const classes = ["tg-row", row && !row.record ? "tg-new" : "", isVoid(row) ? "tg-void" : ""];
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-busy={row === undefined}
      data-index={index}
      className={classes.join(" ")}
      style={props.style}
    >
      <MenuCell {...props} isActive={isActive && cursor.column === MENU_COLUMN} />
      {COLUMNS.map((column, at) => (
        <Cell key={column.field} {...props} place={at + 1} isActive={isActive} />
      ))}
      {children && (
        <div role="gridcell" aria-colindex={1} aria-colspan={COLUMN_COUNT} className="tg-under">
          {children}
        </div>
      )}
    </div>
  );
}

const isVoid = (row: RowView | undefined): boolean =>
  row?.record != null && (row.record.is_reversed || row.record.kind === "reversal");

function MenuCell({ gridId, index, row, isActive, onMenu }: Props & { isActive: boolean }) {
  const needsLook = (row?.record?.review_reasons.length ?? 0) > 0;
  return (
    <div
      id={cellId(gridId, index, MENU_COLUMN)}
      role="gridcell"
      aria-colindex={1}
      aria-selected={isActive}
      // oxlint-disable-next-line jsx-a11y/role-supports-aria-props -- ARIA 1.2 gives it to gridcells
      aria-readonly
      tabIndex={isActive ? 0 : -1}
      data-place={MENU_COLUMN}
      className="tg-cell tg-menu"
    >
      {row && (
        <button
          type="button"
          tabIndex={-1}
          className={`tg-more ${needsLook ? "text-warn" : ""}`}
          aria-haspopup="menu"
          aria-label={`More of ${rowName(row)}${needsLook ? ", needs review" : ""}`}
          onClick={(event) => {
            onMenu(row, event.currentTarget);
          }}
        >
          <Ellipsis aria-hidden="true" size={15} />
        </button>
      )}
    </div>
  );
}

function Cell(props: Props & { place: number; isActive: boolean }) {
  const { gridId, index, row, accounts, isHidden, cursor, place, lock } = props;
  const column = COLUMNS[place - 1];
  if (!column) return null;
  const id = cellId(gridId, index, place);
  const isActive = props.isActive && cursor.column === place;
  if (isActive && cursor.editing && row?.entry && column.field !== "cash") {
    const text = row.edit?.raw[column.field] ?? cellText(row.entry, column.field, accounts);
    return (
      <div
        id={id}
        role="gridcell"
        aria-colindex={place + 1}
        aria-selected
        className="tg-cell tg-open"
      >
        <CellEditor
          column={column}
          text={text}
          begun={cursor.editing.text}
          accounts={accounts}
          onCommit={props.onCommit}
          onCancel={props.onCancel}
        />
      </div>
    );
  }
  const shown = row ? shownIn(row, column, accounts, isHidden) : { text: "…" };
  const isMasked = column.isMoney && isHidden;
  return (
    <GridCell
      id={id}
      place={place}
      column={column}
      text={shown.text}
      isComputed={shown.isComputed ?? false}
      isActive={isActive}
      isCovered={cursor.covers(index, place)}
      lock={row ? (isMasked ? "Amounts are hidden" : lock(row, column.field)) : "Loading"}
      error={row?.edit && column.field !== "cash" ? row.edit.errors[column.field] : undefined}
      isPending={isPendingAt(row?.edit, row, column.field)}
    />
  );
}

/** Typed or on its way: the server does not have it yet. */
function isPendingAt(edit: RowEdit | undefined, row: RowView | undefined, field: GridField) {
  if (!edit || !row?.record || field === "cash" || edit.status === "refused") return false;
  return edit.changed.includes(field);
}

export const firstWrongPlace = (edit: RowEdit): number => {
  const field = COLUMNS.find((one) => one.field !== "cash" && edit.errors[one.field])?.field;
  return field ? placeOf(field) : 1;
};
