import type { CheckOut } from "@/shared/api/gen/types.gen";
import { percent, quantity } from "@/shared/format/format";
import { reasonOf } from "@/shared/format/reasons";

type Code = CheckOut["code"];

export const TITLES: Readonly<Record<Code, string>> = {
  one_currency: "One currency",
  largest_position: "Largest position",
  largest_category: "Largest category",
  one_country: "One country",
  one_account: "One account",
  one_broker: "One broker",
  cash_share: "Cash",
  fees: "Fees",
  emergency_fund: "Emergency fund",
  unclassified: "Not classified",
  stale_prices: "Prices",
};

/** What a threshold means, for the field it is set in. */
export const THRESHOLD_LABELS: Readonly<Record<CheckOut["unit"], Record<string, string>>> = {
  ratio: { at_most: "At most, %", at_least: "At least, %" },
  months: { at_most: "At most, months", at_least: "At least, months" },
  count: { at_most: "At most", at_least: "At least" },
};

const round = (figure: string): string => percent(figure, Number(figure) < 0.1 ? 1 : 0);

/** A check as a sentence, from its code and figures. */
export function sentence(check: CheckOut): string {
  const { code, figure, subject } = check;
  if (check.verdict === "off") return "Switched off.";
  if (figure === null) return `Not known: ${reasonOf(check.unknown_reason) ?? "no figure"}.`;
  const of = subject?.label ?? "";
  const share = round(figure);
  const said: Readonly<Record<Code, string>> = {
    one_currency: `${share} of your money is in ${of}.`,
    largest_position: `${of} is ${share} of your money.`,
    largest_category: `${share} of your money is in ${of}.`,
    one_country: `${share} of your money is in ${of}.`,
    one_account: `${share} of your money is in the account ${of}.`,
    one_broker: `${share} of your money is with ${of}.`,
    cash_share: `${share} of your money is cash.`,
    fees: `Fees of the last year were ${percent(figure, 2)} of what you have now.`,
    emergency_fund: `Your cash lasts ${quantity(figure, 1)} months.`,
    unclassified: `${share} of your money is not classified in ${of}.`,
    stale_prices:
      figure === "0"
        ? "Every price is there and recent."
        : `${quantity(figure, 0)} without a recent price.`,
  };
  return said[code];
}

/** What a check keeps to, in words. */
export function limit({ threshold, unit, direction }: CheckOut): string {
  const way = direction === "at_most" ? "at most" : "at least";
  const value =
    unit === "ratio"
      ? percent(threshold, Number(threshold) < 0.1 ? 1 : 0)
      : `${quantity(threshold, 1)}${unit === "months" ? " months" : ""}`;
  return `${way} ${value}`;
}
