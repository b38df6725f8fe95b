export type Place = { row: number; column: number };
export type Bounds = { rows: number; columns: number; page: number };
export type Pressed = {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
};

export type Intent =
  | { do: "move"; to: Place; extends: boolean }
  | { do: "edit"; text: string | null }
  | { do: "clear" | "delete" | "undo" | "redo" | "details" | "add" | "leave" }
  | null;

const clamp = (value: number, last: number): number => Math.max(0, Math.min(value, last));

/** Where a key leads from a cell; null for one that leads nowhere. */
function moved(at: Place, pressed: Pressed, bounds: Bounds): Place | null {
  const { rows, columns, page } = bounds;
  const isFar = pressed.ctrlKey || pressed.metaKey;
  const by = (row: number, column: number): Place => ({
    row: clamp(at.row + row, rows - 1),
    column: clamp(at.column + column, columns - 1),
  });
  switch (pressed.key) {
    case "ArrowUp":
      return isFar ? { ...at, row: 0 } : by(-1, 0);
    case "ArrowDown":
      return isFar ? { ...at, row: rows - 1 } : by(1, 0);
    case "ArrowLeft":
      return isFar ? { ...at, column: 0 } : by(0, -1);
    case "ArrowRight":
      return isFar ? { ...at, column: columns - 1 } : by(0, 1);
    case "Home":
      return { row: isFar ? 0 : at.row, column: 0 };
    case "End":
      return { row: isFar ? rows - 1 : at.row, column: columns - 1 };
    case "PageUp":
      return by(-page, 0);
    case "PageDown":
      return by(page, 0);
    default:
      return null;
  }
}

/** The next cell for Tab, over the ends of rows; null where the grid ends and focus goes on. */
export function tabbed(at: Place, isBack: boolean, bounds: Bounds): Place | null {
  const step = at.row * bounds.columns + at.column + (isBack ? -1 : 1);
  if (step < 0 || step >= bounds.rows * bounds.columns) return null;
  return { row: Math.floor(step / bounds.columns), column: step % bounds.columns };
}

function commanded({ key, shiftKey }: Pressed): Intent {
  const letter = key.toLowerCase();
  if (letter === "z") return { do: shiftKey ? "redo" : "undo" };
  if (letter === "y") return { do: "redo" };
  if (key === "Enter") return { do: "add" };
  return null;
}

/** What a key means on a cell that is not being edited. */
export function intentOf(at: Place, pressed: Pressed, bounds: Bounds): Intent {
  const { key, ctrlKey, metaKey, shiftKey, altKey } = pressed;
  if (altKey) return key === "Enter" ? { do: "details" } : null;
  if (key === "Tab") {
    const to = tabbed(at, shiftKey, bounds);
    return to && { do: "move", to, extends: false };
  }
  const to = moved(at, pressed, bounds);
  if (to) return { do: "move", to, extends: shiftKey };
  if (ctrlKey || metaKey) return commanded(pressed);
  if (key === "Enter" || key === "F2") return { do: "edit", text: null };
  if (key === "Escape") return { do: "leave" };
  if (key === "Delete") return { do: "delete" };
  if (key === "Backspace") return { do: "clear" };
  if (key === " ") return { do: "edit", text: null };
  return key.length === 1 ? { do: "edit", text: key } : null;
}
