import type { KeyboardEvent } from "react";
import type { AccountOut } from "@/shared/api/gen/types.gen";
import type { Typed } from "./cells";
import type { Column } from "./columns";

/** Where the cursor goes once a cell is typed. */
export type Onward = "down" | "up" | "right" | "left" | "stay" | "away";

export type EditorProps = {
  column: Column;
  /** What the cell says, and what was typed to open it. */
  text: string;
  begun: string | null;
  accounts: readonly AccountOut[];
  onCommit: (typed: Typed, onward: Onward) => void;
  onCancel: (onward: Onward) => void;
};

/** The keys that end typing; the others are the field's own. */
export function endOf({ key, shiftKey }: KeyboardEvent): Onward | "cancel" | null {
  if (key === "Enter") return shiftKey ? "up" : "down";
  if (key === "Tab") return shiftKey ? "left" : "right";
  return key === "Escape" ? "cancel" : null;
}
