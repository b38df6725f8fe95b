import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { Menu, MenuItem, Popover } from "react-aria-components";
import { rowName } from "./grid-row";
import type { RowView } from "./rows";

export type OpenMenu = { row: RowView; at: HTMLElement };

type Props = {
  open: OpenMenu;
  canEdit: boolean;
  onClose: () => void;
  onDetails: (row: RowView) => void;
  onRevert: (row: RowView) => void;
  onDelete: (row: RowView) => void;
};

/** What else can be done with a row; one menu for all of them. */
export function RowMenu({ open, canEdit, onClose, ...on }: Props) {
  const { row, at } = open;
  const trigger = useRef<HTMLElement>(at);
  const navigate = useNavigate();
  const act = (name: string) => {
    if (name === "details") on.onDetails(row);
    if (name === "revert") on.onRevert(row);
    if (name === "delete") on.onDelete(row);
    if (name === "correct" && row.record) {
      void navigate({
        to: "/transactions/$transactionId/correct",
        params: { transactionId: row.record.id },
      });
    }
  };
  const canCorrect = canEdit && row.record && row.entry && !row.record.is_reversed;
  return (
    <Popover
      triggerRef={trigger}
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      placement="bottom start"
      className="popover"
    >
      <Menu
        aria-label={rowName(row)}
        className="outline-none"
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- a menu that opens takes the keyboard
        autoFocus="first"
        onAction={(name) => {
          onClose();
          act(String(name));
        }}
        onClose={onClose}
      >
        {row.record ? <MenuItem id="details">Open the record (Alt+Enter)</MenuItem> : null}
        {canCorrect ? <MenuItem id="correct">Correct it in a form…</MenuItem> : null}
        {row.edit?.base ? <MenuItem id="revert">Discard what was typed</MenuItem> : null}
        {canEdit ? <MenuItem id="delete">Delete (Del)</MenuItem> : null}
      </Menu>
    </Popover>
  );
}
