import { Plus, Redo2, RefreshCw, Trash2, Undo2 } from "lucide-react";
import type { ReactNode } from "react";

type Props = {
  isReadOnly: boolean;
  canAdd: boolean;
  status: string;
  message: string;
  onAdd: () => void;
  onDelete: () => void;
  onUndo: () => void;
  onRedo: () => void;
  onReload: () => void;
};

export function GridToolbar(props: Props) {
  const { isReadOnly, canAdd, status, message } = props;
  return (
    <div className="flex flex-wrap items-center gap-x-1 gap-y-1 mb-2 text-sm">
      {!isReadOnly && (
        <>
          <Tool label="Add a row" keys="Control+Enter" isOff={!canAdd} onPress={props.onAdd}>
            <Plus aria-hidden="true" size={16} />
          </Tool>
          <Tool label="Delete" keys="Delete" onPress={props.onDelete}>
            <Trash2 aria-hidden="true" size={16} />
          </Tool>
          <Tool label="Undo" keys="Control+Z" onPress={props.onUndo}>
            <Undo2 aria-hidden="true" size={16} />
          </Tool>
          <Tool label="Redo" keys="Control+Y" onPress={props.onRedo}>
            <Redo2 aria-hidden="true" size={16} />
          </Tool>
        </>
      )}
      <Tool label="Reload" onPress={props.onReload}>
        <RefreshCw aria-hidden="true" size={15} />
      </Tool>
      <p className="ml-auto flex flex-wrap gap-x-4 text-ink-2">
        <span role="status" data-testid="grid-message">
          {message}
        </span>
        <span data-testid="grid-count">{status}</span>
      </p>
    </div>
  );
}

type ToolProps = {
  label: string;
  keys?: string;
  isOff?: boolean;
  onPress: () => void;
  children: ReactNode;
};

function Tool({ label, keys, isOff, onPress, children }: ToolProps) {
  return (
    <button
      type="button"
      className="btn"
      disabled={isOff}
      aria-keyshortcuts={keys}
      title={keys ? `${label} (${keys.replace("Control", "Ctrl")})` : label}
      onClick={onPress}
    >
      {children}
      {label}
    </button>
  );
}
