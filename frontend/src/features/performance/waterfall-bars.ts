import type { ValueBar, WaterfallOut } from "./waterfall-types";

type Name = ValueBar["bar"];

const BAR_NAMES: Readonly<Record<Name, string>> = {
  deposits: "Paid in",
  withdrawals: "Taken out",
  realized: "Realized gains",
  unrealized: "Unrealized gains",
  dividends: "Dividends",
  interest: "Interest",
  other: "Other",
  fees: "Fees",
  taxes: "Taxes",
  fx: "Exchange rates",
};

const BAR_HELP: Readonly<Record<Name, string>> = {
  deposits: "Money and units that came from outside",
  withdrawals: "Money and units that left",
  realized: "Of units sold, before fees and taxes: what they brought less what they had cost",
  unrealized: "The rest of what prices did; a gain made earlier and realized now lowers it",
  dividends: "Before tax withheld, on the ex-date",
  interest: "Received less paid",
  other: "Rewards, adjustments, and what no other line holds",
  fees: "Commissions and all other fees",
  taxes: "Withheld from dividends, on trades, and paid",
  fx: "What rates did to what was held, and what conversions cost",
};

/** What crosses the edge of a part comes from the rest as often as from outside. */
const OF_A_PART: Partial<Record<Name, readonly [string, string]>> = {
  deposits: [
    "Moved in",
    "What was bought, with its costs, and what else came from other parts or from outside",
  ],
  withdrawals: [
    "Moved out",
    "What was sold, after its costs, income paid out to cash, and what else left this part",
  ],
};

/** What a bar is called, and what it holds. */
export const told = (bar: Name, data: WaterfallOut): readonly [string, string] =>
  (data.slice.is_everything ? undefined : OF_A_PART[bar]) ?? [BAR_NAMES[bar], BAR_HELP[bar]];

/** The number says it; the color repeats it. */
export const colorOf = ({ amount }: ValueBar): string =>
  amount?.startsWith("-") ? "var(--loss)" : "var(--gain)";

export type PlacedBar = { bar: ValueBar; start: number; width: number; from: number };

/** Each bar from where the one before it ends, in percent of the range; unknown bars have none. */
export function placed(data: WaterfallOut): PlacedBar[] {
  let level = Number(data.opening_nav ?? 0);
  const spans = data.bars.map((bar) => {
    const before = level;
    level += Number(bar.amount ?? 0);
    return { bar, low: Math.min(before, level), high: Math.max(before, level) };
  });
  const ends = [Number(data.opening_nav ?? 0), level];
  const low = Math.min(...ends, ...spans.map((span) => span.low));
  const high = Math.max(...ends, ...spans.map((span) => span.high));
  const range = high - low || 1;
  return spans.map((span) => ({
    bar: span.bar,
    start: ((span.low - low) / range) * 100,
    width: ((span.high - span.low) / range) * 100,
    from: low,
  }));
}
