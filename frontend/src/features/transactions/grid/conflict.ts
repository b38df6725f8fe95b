import Big from "big.js";
import { readDecimal, tradeAmount } from "../entry";
import { isTrade, type Entry, type EntryField } from "../entry-kinds";
import { changedFields } from "./body";

export type Side = "mine" | "theirs";
export type Choices = Partial<Record<EntryField, Side>>;

/** Whether an amount is the units at their price, and so follows them. */
export function isProduct(entry: Entry): boolean {
  if (!isTrade(entry.kind)) return false;
  const [amount, product] = [readDecimal(entry.amount), tradeAmount(entry)];
  return amount !== null && product !== null && new Big(amount).eq(product);
}

/** Fields that both changed, and not to the same; an amount that only follows is nobody's word. */
export function contested(base: Entry, mine: Entry, theirs: Entry): EntryField[] {
  const theirChanges = changedFields(base, theirs);
  const apart = changedFields(mine, theirs);
  const follows = isProduct(mine) && isProduct(theirs);
  return changedFields(base, mine).filter(
    (field) =>
      theirChanges.includes(field) && apart.includes(field) && !(field === "amount" && follows),
  );
}

/** Theirs, with what only I changed, and of what both changed what was chosen; else theirs. */
export function merged(base: Entry, mine: Entry, theirs: Entry, choices: Choices = {}): Entry {
  const both = contested(base, mine, theirs);
  const kept = changedFields(base, mine).filter(
    (field) => !both.includes(field) || choices[field] === "mine",
  );
  const result: Entry = {
    ...theirs,
    ...Object.fromEntries(kept.map((field) => [field, mine[field]])),
  };
  if (isProduct(mine) && isProduct(theirs)) result.amount = tradeAmount(result) ?? result.amount;
  return result;
}
