import type { JobOut } from "@/shared/api/gen/types.gen";

export type JobState = JobOut["state"];

/** What each kind of work is called. */
export const KIND_NAMES: Readonly<Record<string, string>> = {
  "marketdata.prices_due": "Closing prices",
  "marketdata.events_due": "Late splits and dividends",
  "marketdata.span_due": "Part of a backfill",
  "marketdata.backfill_requested": "Backfill",
  "marketdata.rates_due": "Exchange rates",
  "marketdata.series_due": "Yields and consumer prices",
  "marketdata.benchmarks_due": "Benchmarks",
  "marketdata.reconciliation_due": "Reconciliation",
  "marketdata.retention_due": "Upkeep of old data",
  "marketdata.own_sources_due": "Prices from people's own URLs",
  "imports.uploaded": "Reading an import",
  "imports.commit_requested": "Posting an import",
  "imports.undo_requested": "Undoing an import",
  "imports.cancel_requested": "Cancelling an import",
  "imports.failed": "Rules after a file that cannot be read",
  "alerts.figures_moved": "Rules after new figures",
  "ledger.differed": "Rules after a ledger that differs",
  "ledger.transactions_posted": "Values after a posting",
  "ledger.proof_due": "Ledger self-check",
  "ledger.rates_changed": "Ledger after new rates",
  "valuation.market_changed": "Values after new prices",
  "operations.canary_due": "Look at the canary",
  "reports.difference_found": "A report that differs from its inputs",
  "valuation.day_passed": "Values of a new day",
};

/** A kind nobody wrote a name for shows itself. */
export const kindName = (kind: string): string => KIND_NAMES[kind] ?? kind;

/** The choice of kinds; one that is chosen or was met is among them, whatever it is. */
export const kindOptions = (met: readonly string[]): (readonly [string, string])[] => [
  ["", "Every kind"],
  ...[...new Set([...Object.keys(KIND_NAMES), ...met])]
    .map((kind) => [kind, kindName(kind)] as const)
    .toSorted(([, one], [, other]) => one.localeCompare(other)),
];

/** What waits where. */
export const QUEUE_WORDS: Readonly<Record<string, string>> = {
  high: "imports, which somebody waits for",
  default: "values, exchange rates, new backfills",
  low: "prices, checks and upkeep",
};

const ENTRY_NAMES: Readonly<Record<string, string>> = {
  rates: "Exchange rates of the European Central Bank",
  "eod-crypto": "Closing prices, cryptocurrencies",
  "eod-other": "Closing prices, exchanges without a known calendar",
  benchmarks: "Benchmarks",
  series: "Yields and consumer prices",
  events: "Late splits and dividends",
  alerts: "Rules that wait for something not to happen",
  canary: "Look at the canary, a portfolio with known answers",
  snapshots: "Values of a new day",
  proofs: "Ledger self-check",
  reconciliation: "Reconciliation",
  retention: "Upkeep of old data",
  forgetting: "Forgetting work that ended long ago",
  "own-sources": "Prices from people's own URLs",
};

/** Where an exchange is, by its code. */
const CITIES: Readonly<Record<string, string>> = {
  BVMF: "São Paulo",
  XAMS: "Amsterdam",
  XASX: "Sydney",
  XBKK: "Bangkok",
  XBOM: "Mumbai",
  XBRU: "Brussels",
  XBUD: "Budapest",
  XBUE: "Buenos Aires",
  XCSE: "Copenhagen",
  XDUB: "Dublin",
  XETR: "Xetra",
  XFRA: "Frankfurt",
  XHEL: "Helsinki",
  XHKG: "Hong Kong",
  XICE: "Reykjavík",
  XIDX: "Jakarta",
  XIST: "Istanbul",
  XJSE: "Johannesburg",
  XKLS: "Kuala Lumpur",
  XKRX: "Seoul",
  XLIS: "Lisbon",
  XLON: "London",
  XMAD: "Madrid",
  XMEX: "Mexico City",
  XMIL: "Milan",
  XNYS: "New York",
  XNZE: "Wellington",
  XOSL: "Oslo",
  XPAR: "Paris",
  XPHS: "Manila",
  XPRA: "Prague",
  XSAU: "Riyadh",
  XSES: "Singapore",
  XSHG: "Shanghai",
  XSTO: "Stockholm",
  XSWX: "Zurich",
  XTAI: "Taipei",
  XTKS: "Tokyo",
  XTSE: "Toronto",
  XWAR: "Warsaw",
  XWBO: "Vienna",
};

/** What an entry of the schedule is called: of closes, with the exchange they are of. */
export function entryName(name: string): string {
  const known = ENTRY_NAMES[name];
  if (known !== undefined) return known;
  if (!name.startsWith("eod-")) return name;
  const mic = name.slice("eod-".length);
  const city = CITIES[mic];
  return `Closing prices, ${city === undefined ? mic : `${city} (${mic})`}`;
}
