import type { BackfillIn } from "@/shared/api/gen/types.gen";
import { isAskable } from "@/shared/ui/day-input";

export type Draft = { first: string; last: string; symbols: string };
export type Faults = Partial<Record<keyof Draft, string>>;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const SYMBOL = /^[A-Z0-9][A-Z0-9.-]{0,19}$/;
const MOST_SYMBOLS = 500;

/** Symbols as they are typed or pasted: between commas, spaces or lines, each once. */
export const symbolsOf = (text: string): string[] => [
  ...new Set(
    text
      .toUpperCase()
      .split(/[\s,;]+/)
      .filter((one) => one !== ""),
  ),
];

function dayFault(day: string): string | undefined {
  if (!DATE.test(day)) return "choose a day";
  return isAskable(day) ? undefined : "choose a day from 1900 on";
}

function symbolsFault(symbols: readonly string[]): string | undefined {
  const odd = symbols.find((one) => !SYMBOL.test(one));
  if (odd !== undefined) return `“${odd}” is no symbol: letters, digits, dots and dashes, up to 20`;
  return symbols.length > MOST_SYMBOLS
    ? `${String(symbols.length)} symbols are too many: ask for at most ${String(MOST_SYMBOLS)}`
    : undefined;
}

/** What is wrong with a request, by field; empty when it can be sent. */
export function faultsOf({ first, last, symbols }: Draft, today: string): Faults {
  const late = first > today ? "this day has not come yet" : undefined;
  const order = first > last ? "this day comes before the first one" : undefined;
  const found = {
    first: dayFault(first) ?? late,
    last: dayFault(last) ?? (dayFault(first) === undefined ? order : undefined),
    symbols: symbolsFault(symbolsOf(symbols)),
  };
  return Object.fromEntries(Object.entries(found).filter(([, fault]) => fault !== undefined));
}

export const bodyOf = ({ first, last, symbols }: Draft): BackfillIn => ({
  first_day: first,
  last_day: last,
  symbols: symbolsOf(symbols),
});
