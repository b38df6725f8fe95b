import { EARLIER_RETURNS, type EarlierReturn } from "@/shared/format/versions";
import { sliceOf, sliceText } from "@/shared/slice";

/** Filters live in the URL: shareable, restored by back and reload, dropped when default. */
export const PERIODS = ["1M", "3M", "6M", "YTD", "1Y", "3Y", "5Y", "10Y", "Max"] as const;
export type Period = (typeof PERIODS)[number];
export const VIEWS = ["value", "return", "drawdown"] as const;
export type View = (typeof VIEWS)[number];
export const METHODS = ["twr", "mwr"] as const;
export type Method = (typeof METHODS)[number];

/** Rolling returns: so many months at a time. */
export const SPANS = ["3", "12", "36", "60"] as const;
export const GROUPINGS = ["asset_class", "instrument", "currency", "account"] as const;
export const LEVELS = ["0.9", "0.95", "0.99"] as const;
/** Newest returns looked at: a quarter, half a year, one, two, five. */
export const WINDOWS = [63, 126, 252, 504, 1260] as const;

/** Rules of quantiles other than the usual one. */
export const QUANTILES = [
  "lower",
  "higher",
  "midpoint",
  "nearest",
  "inverted_cdf",
  "averaged_inverted_cdf",
  "closest_observation",
  "interpolated_inverted_cdf",
  "hazen",
  "weibull",
  "median_unbiased",
  "normal_unbiased",
] as const;

/** What windows of risk can tell besides volatility. */
const MEASURES = ["sharpe", "value_at_risk", "beta"] as const;
/** Income is added up by kind unless one of these is said. */
const ADDED_BY = ["instruments", "accounts", "years"] as const;

export const LOOKS = ["map", "ring", "table"] as const;

export const ACTION_STATES = [
  "pending",
  "upcoming",
  "applied",
  "dismissed",
  "recorded",
  "all",
] as const;

export const FINDING_STATES = ["open", "accepted", "overridden", "all"] as const;

export const HELD_STATES = ["open", "accepted", "rejected", "all"] as const;
export const JOB_STATES = [
  "running",
  "waiting",
  "retrying",
  "parked",
  "cancelled",
  "done",
] as const;

export type Search = {
  account?: string | undefined;
  period?: Period;
  view?: View;
  method?: Method;
  level?: (typeof LEVELS)[number] | undefined;
  window?: (typeof WINDOWS)[number] | undefined;
  quantile?: (typeof QUANTILES)[number] | undefined;
  benchmark?: string | undefined;
  rate?: string | undefined;
  cash?: "bills" | undefined;
  /** Tails of fewer returns than they should have. */
  few?: true | undefined;
  kind?: string | undefined;
  text?: string | undefined;
  known?: string | undefined;
  on?: string | undefined;
  basis?: "settled" | undefined;
  year?: number | undefined;
  term?: "short" | "long" | undefined;
  state?: (typeof ACTION_STATES)[number] | undefined;
  finding?: (typeof FINDING_STATES)[number] | undefined;
  held?: (typeof HELD_STATES)[number] | undefined;
  job?: (typeof JOB_STATES)[number] | undefined;
  topic?: string | undefined;
  batch?: string | undefined;
  instrument?: string | undefined;
  from?: string;
  to?: string;
  review?: boolean | undefined;
  reversed?: boolean;
  fees?: "gross" | undefined;
  taxes?: "gross" | undefined;
  gaps?: "modified_dietz" | undefined;
  timing?: "end_of_day" | undefined;
  span?: (typeof SPANS)[number];
  /** An earlier meaning of the time-weighted return; the present one has no word. */
  version?: EarlierReturn | undefined;
  classes?: string | undefined;
  currencies?: string | undefined;
  instruments?: string | undefined;
  categories?: string | undefined;
  groups?: string | undefined;
  tags?: string | undefined;
  base?: string | undefined;
  blend?: string | undefined;
  by?: string | undefined;
  node?: string | undefined;
  look?: (typeof LOOKS)[number];
  direct?: true | undefined;
  taxonomy?: string | undefined;
  watchlist?: string | undefined;
  /** Charts that stand as their tables. */
  tables?: string | undefined;
  /** Of the windows of risk. */
  measure?: (typeof MEASURES)[number] | undefined;
  /** Payments of the calendar of income, and what is received is added up by. */
  payments?: "all" | undefined;
  added?: (typeof ADDED_BY)[number] | undefined;
  /** Holdings at the latest trades instead of the last closes. */
  prices?: "latest" | undefined;
};

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A built-in cut of the allocation, or a taxonomy. */
const CUT = new RegExp(`^(asset_class|currency|account|instrument)$|${ID.source}`);
/** Categories, and what taxonomies leave in none of theirs. */
const CATEGORIES = /^(none:)?[0-9a-f-]{36}(,(none:)?[0-9a-f-]{36}){0,30}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

const oneOf = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined =>
  allowed.find((found) => found === value);
const matching = (value: unknown, pattern: RegExp): string | undefined =>
  typeof value === "string" && pattern.test(value) ? value : undefined;

/** One line of text of a person's own. */
const line = (value: unknown, most: number): string | undefined =>
  typeof value === "string" ? value.slice(0, most) || undefined : undefined;

/** The router reads 0.95 as a number. */
const plain = (value: unknown): unknown => (typeof value === "number" ? String(value) : value);

/** What the URL says, without what it should not. */
export function readSearch(raw: Record<string, unknown>): Search {
  const read: Record<keyof Search, unknown> = {
    account: matching(raw["account"], ID),
    period: oneOf(raw["period"], PERIODS),
    view: oneOf(raw["view"], VIEWS),
    method: oneOf(raw["method"], METHODS),
    level: oneOf(plain(raw["level"]), LEVELS),
    window: WINDOWS.find((found) => found === raw["window"]),
    quantile: oneOf(raw["quantile"], QUANTILES),
    benchmark: matching(raw["benchmark"], ID),
    rate: matching(plain(raw["rate"]), /^-?0(\.\d{1,6})?$/),
    cash: oneOf(raw["cash"], ["bills"] as const),
    few: raw["few"] === true ? true : undefined,
    kind: matching(raw["kind"], /^[a-z_]{2,40}$/),
    text: typeof raw["text"] === "string" ? raw["text"].slice(0, 100) || undefined : undefined,
    known: matching(raw["known"], DATE),
    on: matching(raw["on"], DATE),
    basis: oneOf(raw["basis"], ["settled"] as const),
    year:
      typeof raw["year"] === "number" && Number.isInteger(raw["year"]) ? raw["year"] : undefined,
    term: oneOf(raw["term"], ["short", "long"] as const),
    state: oneOf(raw["state"], ACTION_STATES),
    finding: oneOf(raw["finding"], FINDING_STATES),
    held: oneOf(raw["held"], HELD_STATES),
    job: oneOf(raw["job"], JOB_STATES),
    topic: matching(raw["topic"], /^[a-z]{2,20}\.[a-z_]{2,39}$/),
    batch: matching(raw["batch"], ID),
    instrument: matching(raw["instrument"], ID),
    from: matching(raw["from"], DATE),
    to: matching(raw["to"], DATE),
    review: raw["review"] === true ? true : undefined,
    reversed: raw["reversed"] === true ? true : undefined,
    fees: oneOf(raw["fees"], ["gross"] as const),
    taxes: oneOf(raw["taxes"], ["gross"] as const),
    gaps: oneOf(raw["gaps"], ["modified_dietz"] as const),
    timing: oneOf(raw["timing"], ["end_of_day"] as const),
    span: oneOf(plain(raw["span"]), SPANS),
    version: oneOf(plain(raw["version"]), EARLIER_RETURNS),
    classes: matching(raw["classes"], /^[a-z,]{2,80}$/),
    currencies: matching(raw["currencies"], /^[A-Z]{3}(,[A-Z]{3}){0,30}$/),
    groups: line(raw["groups"], 60),
    tags: line(raw["tags"], 400),
    base: matching(raw["base"], /^[A-Z]{3}$/),
    instruments: matching(raw["instruments"], /^[0-9a-f-]{36}(,[0-9a-f-]{36}){0,30}$/),
    categories: matching(raw["categories"], CATEGORIES),
    blend: matching(raw["blend"], /^[A-Za-z0-9_:.,-]{40,2000}$/),
    by: matching(raw["by"], CUT),
    node: matching(raw["node"], /^([A-Z]{3}|[a-z_]{2,30}|[0-9a-f-]{36})$/),
    look: oneOf(raw["look"], LOOKS),
    direct: raw["direct"] === true ? true : undefined,
    taxonomy: matching(raw["taxonomy"], ID),
    watchlist: matching(raw["watchlist"], ID),
    tables: matching(raw["tables"], /^[a-z]{2,20}(,[a-z]{2,20}){0,5}$/),
    measure: oneOf(raw["measure"], MEASURES),
    payments: oneOf(raw["payments"], ["all"] as const),
    added: oneOf(raw["added"], ADDED_BY),
    prices: oneOf(raw["prices"], ["latest"] as const),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

/** What stays when one goes to another page: whose account, and as known on which day. */
export const kept = ({ account, known }: Search): Search => ({
  ...(account ? { account } : {}),
  ...(known ? { known } : {}),
});

/** The same with the part of the portfolio, for pages that can be of one. */
export const keptPart = (search: Search): Search => ({
  ...kept(search),
  ...Object.fromEntries(
    Object.entries(sliceText(sliceOf(search))).filter(([, names]) => names !== undefined),
  ),
});

const OF_PARTS = [
  "/performance",
  "/performance/attribution",
  "/benchmarks",
  "/holdings",
  "/holdings/past",
  "/cash",
  "/allocation",
  "/income",
  "/gains",
  "/gains/unrealized",
  "/risk",
];

const SPAN = ["period", "from", "to"] as const;
/** Pages of the same returns, and which words of the address each of them goes by. */
const OF_RETURNS: Readonly<Record<string, readonly (keyof Search)[]>> = {
  "/performance": [...SPAN, "timing", "gaps", "fees", "taxes", "benchmark"],
  "/performance/attribution": [...SPAN, "timing"],
  "/risk": [...SPAN, "timing", "gaps", "benchmark"],
  "/benchmarks": [...SPAN, "timing", "benchmark"],
};

/** What stays between pages of the same returns: their days and conventions, too. */
export const keptReturns =
  (page: keyof typeof OF_RETURNS) =>
  (search: Search): Search => ({
    ...keptPart(search),
    ...Object.fromEntries(
      (OF_RETURNS[page] ?? []).flatMap((word) =>
        search[word] === undefined ? [] : [[word, search[word]]],
      ),
    ),
  });

/** What stays on the way to a page from here: as much as it can be narrowed by. */
export function keptOn(page: string, here = ""): (search: Search) => Search {
  if (page in OF_RETURNS && here in OF_RETURNS) return keptReturns(page);
  return OF_PARTS.includes(page) ? keptPart : kept;
}

/** First day of a period that ends on `asOf`; undefined for all there is. */
export function periodStart(period: Period, asOf: string): string | undefined {
  if (period === "Max") return undefined;
  const end = new Date(`${asOf}T00:00:00Z`);
  if (period === "YTD") return `${String(end.getUTCFullYear() - 1)}-12-31`;
  const months = { "1M": 1, "3M": 3, "6M": 6, "1Y": 12, "3Y": 36, "5Y": 60, "10Y": 120 }[period];
  const start = new Date(end);
  start.setUTCMonth(start.getUTCMonth() - months);
  // 31 March minus one month is 28 February, not 3 March
  if (start.getUTCDate() !== end.getUTCDate()) start.setUTCDate(0);
  return start.toISOString().slice(0, 10);
}

export const PERIOD_WORDS: Record<Period, string> = {
  "1M": "in the last month",
  "3M": "in the last three months",
  "6M": "in the last six months",
  YTD: "this year",
  "1Y": "in the last year",
  "3Y": "in the last three years",
  "5Y": "in the last five years",
  "10Y": "in the last ten years",
  Max: "since the beginning",
};
