import { counted, day, money, percent, quantity } from "@/shared/format/format";
import { reasonText } from "@/shared/format/reasons";
import { codeText, fieldOf, wordOf } from "./places";

/** What a figure is told in: the currency of the answer, and that of its own line. */
export type Told = {
  currency: string;
  own?: string | undefined;
  /** Of a line that says what its figure is; risk knows no amounts. */
  unit?: "ratio" | "number" | undefined;
  /** Gains were told in the currency of their trades until they had a version. */
  hasOwnGains?: boolean;
};

const PERCENT = /(^|_)ratio$|^(value_at_risk|expected_shortfall|parametric|volatility)$/;
const NUMBER =
  /(version|count|quantity|units|rate|days|window|per_year|sharpe|beta)$|^(days_|units_|count)/;
/** Told in the currency of the line they stand in. */
const OWN = /^(price|market_value_local|per_unit|trailing_per_unit|forward_per_unit)$/;
const OWN_LINES = /\/(payments|receivables|cash)\/\d+\/(amount|gross|withheld|fee|net)$/;
const NUMERIC = /^-?\d+(\.\d+)?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const CODE = /^[a-z0-9]+(_[a-z0-9]+)+$/;
const NAMED = /^(label|symbol|key)$/;

/** Whether a figure of an answer is an amount; a whole line of it may hold some. */
export function isAmount(place: string, value: string): boolean {
  if (/^[[{]/.test(value)) return true;
  const name = fieldOf(place);
  const isNone = PERCENT.test(name) || NUMBER.test(name) || NAMED.test(name);
  return NUMERIC.test(value) && !isNone;
}

/** A figure as a person reads it: rounded, with its currency, a code in words. */
export function figureText(place: string, value: string, told: Told): string {
  const name = fieldOf(place);
  if (NAMED.test(name)) return value;
  if (/^[[{]/.test(value)) return lineText(place, value, told);
  if (DAY.test(value)) return day(value);
  if (NUMERIC.test(value)) return numberText(place, name, value, told);
  if (/reason(s|_code)?$/.test(name)) return reasonText([value.split(":")[0] ?? value]) ?? value;
  const isCode = name === "bar" || (name === "name" && told.unit !== undefined);
  return isCode || CODE.test(value) ? codeText(value) : value;
}

function numberText(place: string, name: string, value: string, told: Told): string {
  if (name.endsWith("version")) return value;
  if (name === "confidence_ratio") return percent(value, 0);
  if (PERCENT.test(name)) return percent(value);
  if (NUMBER.test(name) || told.unit === "number") return quantity(value, told.unit ? 4 : 6);
  if (told.unit === "ratio") return percent(value);
  const isOwn = OWN.test(name) || OWN_LINES.test(place);
  if (isOwn || (name === "realized_gain" && told.hasOwnGains === true)) {
    const digits = name.endsWith("per_unit") || name === "price" ? 6 : 2;
    return told.own === undefined
      ? quantity(value, digits)
      : money(value, told.own, { upTo: digits });
  }
  return money(value, told.currency);
}

/** A line that came or went as a whole: its figures one after the other. */
function lineText(place: string, value: string, told: Told): string {
  let line: unknown;
  try {
    line = JSON.parse(value);
  } catch {
    return "a line";
  }
  const found = leaves(line).filter(([inside]) => !isId(inside));
  const within = ofLine(line, told);
  return found
    .slice(0, 8)
    .map(
      ([inside, one]) =>
        `${wordOf(fieldOf(inside))} ${figureText(`${place}${inside}`, one, within)}`,
    )
    .join(", ");
}

/** How the figures of a line are told: in the currency, as the unit it says. */
export function ofLine(line: unknown, told: Told): Told {
  if (typeof line !== "object" || line === null) return told;
  const own = "currency" in line && typeof line.currency === "string" ? line.currency : undefined;
  const unit = "unit" in line && line.unit === "ratio" ? "ratio" : told.unit;
  return { ...told, own, unit };
}

export const isId = (place: string): boolean => /(^|_)ids?$|^(key|lot_id)$/.test(fieldOf(place));

export type Leaf = readonly [place: string, value: string];

/** The single figures of an answer: lists of names are told, other lists by their length. */
export function leaves(value: unknown, place = ""): Leaf[] {
  if (Array.isArray(value)) return value.length > 0 ? [[place, listText(place, value)]] : [];
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, inside]) => leaves(inside, `${place}/${key}`));
  }
  if (value === null || value === undefined || value === "") return [];
  if (typeof value === "boolean") return [[place, value ? "yes" : "no"]];
  return typeof value === "string" || typeof value === "number" ? [[place, String(value)]] : [];
}

function listText(place: string, list: readonly unknown[]): string {
  const names = list.filter((one) => typeof one === "string");
  if (names.length < list.length || isId(place)) return counted(list.length, "line");
  const isWhy = /reasons$/.test(place);
  return names
    .map((name) => (isWhy ? reasonText([name.split(":")[0] ?? name]) : name.replaceAll("_", " ")))
    .join(", ");
}
