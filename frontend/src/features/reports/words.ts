import type { ReportIn, ReportOut } from "@/shared/api/gen/types.gen";
import { BASIS_WORDS } from "@/shared/format/benchmark-basis";
import { counted, day, percent } from "@/shared/format/format";
import { categoryTexts } from "@/shared/format/parts";

export type ReportKind = ReportOut["kind"];
export type ReportParameters = ReportIn["parameters"];

export const KIND_NAMES: Readonly<Record<ReportKind, string>> = {
  performance: "Returns",
  risk: "Risk",
  waterfall: "Change of value",
  holdings: "Holdings",
  nav: "Values day by day",
  attribution: "Attribution",
  income: "Income",
};

export const REPORT_KINDS = Object.keys(KIND_NAMES) as ReportKind[];

/** What each calculation is called in a sentence. */
const CALCULATION_NAMES: Readonly<Record<string, string>> = {
  valuation: "net asset value",
  twrr: "time-weighted return",
  mwrr: "money-weighted return",
  drawdown: "drawdown",
  benchmark: "benchmark",
  waterfall: "change of value",
  attribution: "attribution",
  income: "income",
  risk: "risk",
  lots: "lots and gains",
  gains: "gains in one currency",
};

export const calculationName = (name: string): string => CALCULATION_NAMES[name] ?? name;

/** Published series, as they stand in a sentence. */
const SERIES_NAMES: Readonly<Record<string, string>> = {
  CPIAUCSL: "US consumer prices",
  DTB3: "three-month Treasury bills",
};

export const seriesName = (code: string): string => SERIES_NAMES[code] ?? code;

/** Why today's answer cannot be told. */
export const TODAY_REASONS: Readonly<Record<string, string>> = {
  account_gone: "The account it was about does not exist any more.",
  benchmark_gone: "The instrument it was compared with cannot be seen any more.",
  instrument_gone: "An instrument it was about cannot be seen any more.",
  not_of_that_version: "The version it was made with knew no parts of accounts.",
  taxonomy_gone: "A taxonomy or category it went by does not exist any more.",
  values_recomputing: "Values are being worked out; ask again in a moment.",
  version_retired: "A version it was made with cannot be computed any more.",
};

/** Why nobody can tell whether a report is what its inputs give. */
export const KEPT_REASONS: Readonly<Record<string, string>> = {
  inputs_unreadable: "What it was made from was kept in a form that cannot be read any more.",
  version_retired: "A version it was made with cannot be computed any more.",
};

const PARAMETER_NAMES: Readonly<Record<string, string>> = {
  from_date: "from",
  to_date: "to",
  period: "period",
  flow_timing: "flows at",
  gaps: "gaps",
  fees: "fees",
  taxes: "taxes",
  calculation_version: "time-weighted return, version",
  confidence: "confidence",
  method: "quantile",
  window: "window",
  as_of: "as of",
  by: "by",
};

type Asked = Readonly<Record<string, unknown>>;

/** What was asked, in words, the part of the whole first; technical limits are left out. */
export function parametersText(asked: Asked): string {
  const others = Object.entries(asked).flatMap(([name, value]) => {
    const word = PARAMETER_NAMES[name];
    const isPlain = typeof value === "string" || typeof value === "number";
    return word !== undefined && isPlain ? [`${word} ${plain(name, String(value))}`] : [];
  });
  return [...partTexts(asked), ...others, ...riskTexts(asked)].join(" · ");
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** Of which accounts and of what in them, in which currency, beside what; ids are counted. */
function partTexts(asked: Asked): string[] {
  const alone = isText(asked["account_id"]) ? [asked["account_id"]] : [];
  const accounts = new Set([...alone, ...textsOf(asked["account_ids"])]).size;
  const instruments = new Set(textsOf(asked["instrument_ids"])).size;
  const categories = new Set(textsOf(asked["category_ids"])).size;
  return [
    ...(accounts > 0 ? [accounts === 1 ? "one account" : counted(accounts, "account")] : []),
    ...named("account group", "account groups", asked["account_groups"]),
    ...named("account tag", "account tags", asked["account_tags"]),
    ...(instruments > 0 ? [counted(instruments, "instrument")] : []),
    ...named("asset class", "asset classes", asked["asset_classes"]),
    ...named("currency", "currencies", asked["currencies"]),
    ...categoryTexts(categories, textsOf(asked["unclassified_in"]).length),
    ...(isText(asked["base_currency"]) ? [`base currency ${asked["base_currency"]}`] : []),
    ...benchmarkTexts(asked),
  ];
}

function named(one: string, several: string, value: unknown): string[] {
  const names = textsOf(value);
  if (names.length === 0) return [];
  return [`${names.length === 1 ? one : several} ${names.join(", ")}`];
}

function benchmarkTexts(asked: Asked): string[] {
  const blend = textsOf(asked["blend"]).length;
  if (blend > 0) return [`against a blend of ${counted(blend, "instrument")}`];
  if (!isText(asked["benchmark"]) && !isText(asked["benchmark_id"])) return [];
  const basis = Object.entries(BASIS_WORDS).find(([name]) => name === asked["benchmark_basis"]);
  return [basis ? `against a benchmark, ${basis[1]}` : "against a benchmark"];
}

/** A rate that was given has no part where yields of Treasury bills were asked for. */
function riskTexts(asked: Asked): string[] {
  const { risk_free_ratio: rate, risk_free_source: source } = asked;
  const rates = isText(rate) ? [`risk-free rate ${percent(rate)}`] : [];
  return [
    ...(source === "treasury_bill" ? ["risk-free rate of Treasury bills"] : rates),
    ...(asked["allow_few"] === true ? ["fewer returns allowed"] : []),
  ];
}

function plain(name: string, value: string): string {
  if (name === "confidence") return percent(value, 0);
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? day(value) : value.replaceAll("_", " ");
}

/** Enough of a hash to compare by eye. */
export const shortHash = (hash: string): string => hash.slice(0, 12);
