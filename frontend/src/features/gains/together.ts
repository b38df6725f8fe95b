import type { GainOut, GainsOut, GainsRowOut } from "@/shared/api/gen/types.gen";
import { reasonText } from "@/shared/format/reasons";

export type Part = "realized" | "unrealized" | "income";
export const PARTS: readonly Part[] = ["realized", "unrealized", "income"];

/** What a page calls them; of a year the unrealized gain is what the year changed of it. */
export const partName = (part: Part, year: number | null): string =>
  ({
    realized: "Realized",
    unrealized: year === null ? "Unrealized" : "Change of unrealized",
    income: "Income",
  })[part];

/** What a part adds to the total of its row; null when it is not known. */
export const amountOf = (row: GainsRowOut, part: Part): string | null =>
  ({
    realized: row.realized.gain,
    unrealized: row.unrealized_change,
    income: row.income.net,
  })[part];

/** Codes of income name what is missing after a colon. */
const codes = (reasons: readonly string[]): string[] => [
  ...new Set(reasons.map((reason) => reason.split(":")[0] ?? reason)),
];

/** Why a gain is not known, or what exchange rates made of it. */
export const reasonOfGain = (gain: GainOut): string | undefined => reasonText(codes(gain.reasons));

export const reasonOfPart = (row: GainsRowOut, part: Part): string | undefined => {
  const of = {
    realized: row.realized.reasons,
    // the change needs the gain at both ends: the row says what either of them lacks
    unrealized: row.unrealized.reasons.length > 0 ? row.unrealized.reasons : row.reasons,
    income: row.income.reasons,
  }[part];
  return reasonText(codes(of));
};

export const nameOf = (row: GainsRowOut): string => row.symbol ?? row.name;

/** Rows with something to draw or to ask about, in their order, and how many more there are. */
export function drawnRows(data: GainsOut, most: number): { rows: GainsRowOut[]; left: number } {
  const some = data.items.filter((row) =>
    PARTS.some((part) => amountOf(row, part) === null || Number(amountOf(row, part)) !== 0),
  );
  return { rows: some.slice(0, most), left: Math.max(some.length - most, 0) };
}

export const csvOf = (data: GainsOut): (string | null)[][] => [
  ["Symbol", "Name", "Realized", "Realized, from the currency", "Unrealized",
    "Unrealized, from the currency", "Change of unrealized", "Income, net", "Together",
    "Currency", "Not known"], // prettier-ignore
  ...[...data.items, data.total].map((row) => [
    row.symbol,
    row.name,
    row.realized.gain,
    row.realized.from_currency,
    row.unrealized.gain,
    row.unrealized.from_currency,
    row.unrealized_change,
    row.income.net,
    row.total,
    data.currency,
    reasonText(row.reasons) ?? "",
  ]),
];
