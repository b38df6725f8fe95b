import { useId, useRef, useState, type CSSProperties, type ReactNode } from "react";
import type { AccountOut } from "@/shared/api/gen/types.gen";
import { usePreferences } from "@/shared/preferences/preferences";
import { EmptyState, ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import type { TransactionFilter } from "../queries";
import { blankEntry } from "./cells";
import { columnAt } from "./columns";
import { ConflictBanner } from "./conflict-banner";
import { DetailPanel } from "./detail-panel";
import { EditErrors } from "./edit-errors";
import type { EditorProps } from "./ending";
import "./grid.css";
import { GridFrame } from "./grid-frame";
import { GridRow } from "./grid-row";
import { GridToolbar } from "./grid-toolbar";
import type { Place } from "./keys";
import { PastePreview } from "./paste-preview";
import { RowMenu, type OpenMenu } from "./row-menu";
import type { RowView } from "./rows";
import { statusLine, today } from "./status";
import { useClipboard } from "./use-clipboard";
import { useCursor } from "./use-cursor";
import { useGrid, useGridState } from "./use-grid";
import { useGridKeys } from "./use-grid-keys";

type Props = {
  filter: TransactionFilter;
  accounts: readonly AccountOut[];
  /** What to offer where there is nothing. */
  empty: { title: string; body: ReactNode };
};

/** Every record of the list in one grid that is typed into, by keyboard alone if one likes. */
export function TransactionsGrid({ filter, accounts, empty }: Props) {
  const grid = useGrid(filter, accounts);
  const { store, editor } = grid;
  const state = useGridState(store);
  const cursor = useCursor(store);
  const { isHidden } = usePreferences();
  const gridId = useId();
  const wantsFocus = useRef(false);
  const page = useRef(20);
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const [details, setDetails] = useState<RowView | null>(null);
  const blank = () => blankEntry(accounts, filter.account, today());
  const clipboard = useClipboard(grid, cursor, { isHidden, blank });

  const go = (to: Place, extendsRange = false) => {
    const left = store.rowAt(cursor.row)?.key;
    wantsFocus.current = true;
    cursor.go(to, extendsRange);
    if (to.row !== cursor.row && left !== undefined) editor.leave(left);
  };
  const edit = (text: string | null) => {
    const [row, column] = [store.rowAt(cursor.row), columnAt(cursor.column)];
    if (!row || !column) return;
    const isMasked = column.isMoney && isHidden;
    const lock = isMasked ? "Amounts are hidden" : editor.lock(row, column.field);
    if (lock !== null) store.set({ message: lock });
    else {
      wantsFocus.current = true;
      cursor.edit({ text });
    }
  };
  const add = () => {
    if (store.isReadOnly || accounts.length === 0) return;
    editor.add(blank());
    go({ row: store.state.drafts.length - 1, column: 1 });
  };
  const remove = () => {
    const rows = [];
    for (let index = cursor.range.top; index <= cursor.range.bottom; index += 1) {
      const row = store.rowAt(index);
      if (row) rows.push(row);
    }
    editor.remove(rows);
    wantsFocus.current = true;
    cursor.go({ row: cursor.range.top, column: cursor.column });
  };
  const onKeyDown = useGridKeys(grid, cursor, page, { go, edit, add, remove, details: setDetails });
  const onward = (where: Parameters<EditorProps["onCancel"]>[0]) => {
    const [row, column] = [cursor.row, cursor.column];
    cursor.edit(null);
    if (where === "away") return;
    const step = { down: [1, 0], up: [-1, 0], left: [0, -1], right: [0, 1], stay: [0, 0] }[where];
    go({ row: row + (step[0] ?? 0), column: Math.max(1, Math.min(12, column + (step[1] ?? 0))) });
  };
  const onCommit: EditorProps["onCommit"] = (typed, where) => {
    const [row, column] = [store.rowAt(cursor.row), columnAt(cursor.column)];
    if (row && column && column.field !== "cash") {
      editor.put([{ row, field: column.field, typed }]);
      const isUnknown = column.field === "instrument" && !typed.instrument && typed.text !== "";
      if (isUnknown) void editor.putSymbol(row.key, typed.text);
    }
    onward(where);
  };
  const renderRow = (index: number, style: CSSProperties) => {
    const row = store.rowAt(index);
    const conflict = row?.edit?.status === "conflict" ? row.edit : null;
    return (
      <GridRow
        {...{ gridId, index, row, accounts, isHidden, cursor, style, onCommit }}
        isReadOnly={store.isReadOnly}
        lock={(of, field) => editor.lock(of, field)}
        onMenu={(of, at) => {
          setMenu({ row: of, at });
        }}
        onCancel={onward}
      >
        {conflict && (
          <ConflictBanner
            edit={conflict}
            accounts={accounts}
            onSettle={(choices) => {
              wantsFocus.current = true;
              editor.settle(conflict.key, choices);
            }}
            onDiscard={() => {
              wantsFocus.current = true;
              editor.revert(conflict.key);
            }}
          />
        )}
      </GridRow>
    );
  };
  const reload = () => void store.load();
  if (state.phase === "failed" && state.sheet.pages.length === 0) {
    return <ProblemNotice error={state.error} onRetry={reload} />;
  }
  if (state.phase === "loading" && state.sheet.pages.length === 0) {
    return <Skeleton label="Loading transactions" rows={12} height={30} />;
  }
  return (
    <>
      <GridToolbar
        isReadOnly={store.isReadOnly}
        canAdd={accounts.length > 0}
        status={statusLine(store, cursor)}
        message={state.message}
        onAdd={add}
        onDelete={remove}
        onUndo={() => void editor.undo()}
        onRedo={() => void editor.redo()}
        onReload={reload}
      />
      {state.error != null && <StaleNotice what="a part of the list" onRetry={reload} />}
      <EditErrors
        edits={state.edits.values()}
        onGo={(key, column) => {
          const row = store.indexOf(key);
          if (row >= 0) go({ row, column });
          else store.set({ message: "This row is not in the list as it is filtered now" });
        }}
        onDiscard={(key) => {
          editor.revert(key);
        }}
        onRetry={() => {
          editor.retry();
        }}
      />
      {clipboard.pending && (
        <PastePreview
          plan={clipboard.pending.plan}
          newRows={clipboard.pending.newRows}
          onApply={() => {
            wantsFocus.current = true;
            if (clipboard.pending) void clipboard.apply(clipboard.pending);
          }}
          onCancel={() => {
            wantsFocus.current = true;
            clipboard.setPending(null);
          }}
        />
      )}
      <p id={`${gridId}-keys`} className="sr">
        Arrow keys move, Enter edits, Escape and then Tab leaves the grid.
      </p>
      {store.rowCount === 0 ? (
        <EmptyState title={empty.title}>{empty.body}</EmptyState>
      ) : (
        <GridFrame
          {...{ grid, gridId, cursor, wantsFocus, page, onKeyDown, renderRow }}
          onGo={go}
          onOpen={() => {
            edit(null);
          }}
          onLeave={() => {
            editor.leave();
          }}
          onCopy={clipboard.onCopy}
          onPaste={clipboard.onPaste}
        />
      )}
      {menu && (
        <RowMenu
          open={menu}
          canEdit={!store.isReadOnly}
          onClose={() => {
            setMenu(null);
          }}
          onDetails={setDetails}
          onRevert={({ key }) => {
            editor.revert(key);
          }}
          onDelete={(row) => {
            wantsFocus.current = true;
            editor.remove([row]);
          }}
        />
      )}
      {details?.record && (
        <DetailPanel
          key={details.key}
          row={details}
          onReversed={reload}
          onClose={() => {
            wantsFocus.current = true;
            setDetails(null);
          }}
        />
      )}
    </>
  );
}
