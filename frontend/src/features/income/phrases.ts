import type { CalendarItemOut, HoldingTestOut, PaymentOut } from "@/shared/api/gen/types.gen";
import { day, quantity, words } from "@/shared/format/format";
import { reasonOf } from "@/shared/format/reasons";

export type State = CalendarItemOut["state"];

/** In the order they are stacked and told. */
export const STATES: readonly State[] = ["paid", "declared", "estimated"];

export const STATE_NAMES: Readonly<Record<State, string>> = {
  paid: "Paid",
  declared: "Declared",
  estimated: "Estimated",
};

export const STATE_HELP: Readonly<Record<State, string>> = {
  paid: "recorded in an account",
  declared: "announced, and not recorded yet",
  estimated: "the last amount, on the dates of the year before; of bonds a known coupon",
};

type Basis = NonNullable<CalendarItemOut["basis"]>;

/** What an estimate goes by. */
export const BASES: Readonly<Record<Basis, string>> = {
  last_regular: "last regular amount",
  last_interest: "last interest",
  coupon: "coupon",
};

const KINDS: Readonly<Record<PaymentOut["kind"], string>> = {
  dividend: "Dividend",
  distribution: "Fund distribution",
  interest: "Interest",
  reward: "Staking or lending",
  in_lieu: "Payment in lieu",
};

/** What a payment is, and that nobody said how it is taxed where that matters. */
export function kindOf({ kind, classification }: PaymentOut): string {
  const name = KINDS[kind];
  if (classification === null) return kind === "dividend" ? `${name}, not classified` : name;
  return classification === "in_lieu" ? name : `${name}, ${words(classification).toLowerCase()}`;
}

/** A reason such as "fx_missing:THB": the words of its code, and what it is about. */
export function why(reason: string | null | undefined): string | undefined {
  if (reason === null || reason === undefined) return undefined;
  const [code = reason, subject] = reason.split(":");
  const said = reasonOf(code);
  return subject ? `${said ?? code} for ${subject}` : said;
}

export const whyAll = (reasons: readonly string[]): string | undefined =>
  reasons.length === 0 ? undefined : reasons.map((reason) => why(reason)).join("; ");

const units = (value: string | null): string => quantity(value ?? "0", 4);

/** Whether units were held long enough for a qualified dividend, in one line. */
export function heldText(test: HoldingTestOut): string {
  if (test.reason !== null) return reasonOf(test.reason) ?? test.reason;
  const parts = [
    [test.units_enough, "held long enough"],
    [test.units_not_yet, test.enough_on ? `long enough on ${day(test.enough_on)}` : "not yet"],
    [test.units_too_short, "held too short"],
  ] as const;
  return parts
    .filter(([count]) => count !== null && Number(count) !== 0)
    .map(([count, text]) => `${units(count)} ${text}`)
    .join("; ")
    .concat(test.rule === "91_of_181" ? " (preferred stock: 91 of 181 days)" : "");
}
