import type { OperationIn, TransactionOut } from "@/shared/api/gen/types.gen";
import { words } from "@/shared/format/format";
import { bodyOf } from "./body";
import type { RowEdit } from "./rows";

/** What one step did to one chain of records; null where none counted. */
export type Change = {
  chain: string;
  before: TransactionOut | null;
  after: TransactionOut | null;
};
export type Step = {
  label: string;
  changes: readonly Change[];
  /** A new row that was thrown away before it was recorded. */
  draft?: RowEdit;
};
export type Direction = "undo" | "redo";

/** What to bring a chain to. */
export const targetOf = (change: Change, way: Direction): TransactionOut | null =>
  way === "undo" ? change.before : change.after;

/**
 * The server's correction that brings a chain from what counts now to what shall. A record's id is
 * its version, so what counts now is named, and nobody else's change is overwritten.
 */
export function operationTo(
  now: TransactionOut | null,
  target: TransactionOut | null,
): OperationIn | null {
  if (target === null) return now && { op: "reverse", id: now.id };
  if (now === null) return { op: "restore", id: target.id };
  return { op: "correct", id: now.id, body: bodyOf(target) };
}

/** The steps taken and those taken back; a new step forgets the latter. */
export class UndoStack {
  #done: Step[] = [];
  #undone: Step[] = [];
  readonly #limit: number;

  constructor(limit = 100) {
    this.#limit = limit;
  }

  push(step: Step): void {
    this.#done = [...this.#done, step].slice(-this.#limit);
    this.#undone = [];
  }

  next(way: Direction): Step | undefined {
    return (way === "undo" ? this.#done : this.#undone).at(-1);
  }

  /** The next step was taken; `records` are what now counts in its chains. */
  taken(way: Direction, records: ReadonlyMap<string, TransactionOut | null>): void {
    const [from, to] = way === "undo" ? [this.#done, this.#undone] : [this.#undone, this.#done];
    const step = from.pop();
    if (!step) return;
    // a record brought back is another version of the same words: from now on that one is meant
    const changes = step.changes.map((change) => {
      const record = records.get(change.chain);
      if (!record) return change;
      return way === "undo" ? { ...change, before: record } : { ...change, after: record };
    });
    to.push({ ...step, changes });
  }

  /** A step that cannot be taken any more. */
  drop(way: Direction): void {
    (way === "undo" ? this.#done : this.#undone).pop();
  }
}

/** What a step was about, in a few words. */
export function labelOf(changes: readonly Change[]): string {
  const [first] = changes;
  if (!first || changes.length > 1) return `${String(changes.length)} records`;
  const record = first.after ?? first.before;
  const what = first.after ? (first.before ? "change of" : "new") : "deletion of";
  return record ? [what, words(record.kind), record.symbol].filter(Boolean).join(" ") : "record";
}
