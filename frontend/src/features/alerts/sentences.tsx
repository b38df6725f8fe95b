import type { AlertOut, AlertRuleOut } from "@/shared/api/gen/types.gen";
import { counted, day, money, percent } from "@/shared/format/format";
import { Money } from "@/shared/ui/figures";

/* What a rule waits for, and what it told, each in one sentence. */

type Kind = AlertRuleOut["kind"];

export const KINDS: readonly (readonly [Kind, string])[] = [
  ["price", "A price reaches an amount"],
  ["price_change", "A price moves by a percentage"],
  ["nav", "The value reaches an amount"],
  ["nav_change", "The value moves by a percentage"],
  ["dividend", "A dividend is declared"],
  ["stale_price", "A price stops coming"],
  ["import_failed", "A file cannot be read"],
  ["ledger_break", "The ledger differs from its records"],
];

export const OF_INSTRUMENTS: readonly Kind[] = ["price", "price_change", "dividend", "stale_price"];
export const NEEDS_INSTRUMENT: readonly Kind[] = ["price", "price_change"];
export const IS_RATIO: readonly Kind[] = ["price_change", "nav_change"];
export const IS_AMOUNT: readonly Kind[] = ["price", "nav"];
export const HAS_DAYS: readonly Kind[] = ["price_change", "nav_change", "stale_price"];

const size = (ratio: string | null): string => percent((ratio ?? "0").replace("-", ""));

/** A price is everybody's; what a portfolio is worth can be hidden. */
function Amount({ kind, value, currency }: { kind: Kind; value: string | null; currency: string }) {
  if (kind === "nav") return <Money value={value} currency={currency} />;
  return value === null ? "an unknown amount" : money(value, currency, { upTo: 4 });
}

const nameOf = (one: AlertOut | AlertRuleOut): string => {
  if (OF_INSTRUMENTS.includes(one.kind)) return one.symbol ?? "Anything held";
  return one.account_name ?? "The portfolio";
};

export function RuleSentence({ rule }: { rule: AlertRuleOut }) {
  const { kind, threshold, currency } = rule;
  const who = nameOf(rule);
  const [goes, way] = rule.direction === "above" ? ["rises", "or more"] : ["falls", "or less"];
  const span = rule.window_days === 1 ? "within a day" : `within ${String(rule.window_days)} days`;
  if (IS_AMOUNT.includes(kind)) {
    return (
      <>
        {who} {goes} to <Amount kind={kind} value={threshold} currency={currency ?? ""} /> {way}
      </>
    );
  }
  if (IS_RATIO.includes(kind)) return `${who} ${goes} by ${size(threshold)} ${span}`;
  if (kind === "dividend") return `${who} declares a dividend`;
  if (kind === "stale_price")
    return `${who} has no price for ${counted(rule.window_days ?? 0, "day")}`;
  const account = rule.account_name ?? "any account";
  return kind === "import_failed"
    ? `A file for ${account} cannot be read`
    : `The ledger of ${account} differs from its records`;
}

export function AlertSentence({ alert }: { alert: AlertOut }) {
  const { kind, value, currency } = alert;
  const who = nameOf(alert);
  const went = alert.direction === "above" ? "rose" : "fell";
  const span = alert.window_days === 1 ? "a day" : `${String(alert.window_days)} days`;
  if (IS_AMOUNT.includes(kind)) {
    return (
      <>
        {who} {went} to <Amount kind={kind} value={value} currency={currency ?? ""} />
      </>
    );
  }
  if (IS_RATIO.includes(kind)) return `${who} ${went} by ${size(value)} within ${span}`;
  if (kind === "dividend") {
    const amount = value !== null && currency ? money(value, currency, { upTo: 6 }) : "an amount";
    return `${who} declared a dividend of ${amount} a unit`;
  }
  if (kind === "stale_price") {
    return alert.on_date
      ? `${who} has had no price since ${day(alert.on_date)}`
      : `${who} has never had a price`;
  }
  return kind === "import_failed"
    ? `${alert.subject ?? "A file"} could not be read`
    : `The ledger of ${alert.account_name ?? "an account"} differs from its records in ${counted(Number(value ?? 0), "row")}`;
}
