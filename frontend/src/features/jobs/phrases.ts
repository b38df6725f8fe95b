import type { JobOut } from "@/shared/api/gen/types.gen";
import { counted, day, words } from "@/shared/format/format";
import { ProblemError } from "@/shared/api/problem";
import { kindName } from "./kinds";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A span of days, as short as it can be told. */
export const spanOf = (first: string, last: string): string =>
  first === last ? day(first) : `${day(first)} – ${day(last)}`;

/** What a piece of work is about: a symbol and days; nothing of a tenant's. */
export function aboutText({ about, symbol, kind }: JobOut): string {
  if (about === null) return "";
  const { first, last, symbols } = about;
  const one = about["day"] ?? about["earliest"];
  const parts = [
    symbol ?? (about["instrument_id"] === undefined ? null : "an instrument no longer known"),
    symbols === undefined ? null : symbols.replaceAll(" ", ", ") || "everything somebody holds",
    first !== undefined && last !== undefined ? spanOf(first, last) : null,
    one === undefined || !DAY.test(one) ? null : daysText(kind, day(one)),
  ];
  return parts.filter((part) => part !== null).join(", ");
}

const daysText = (kind: string, told: string): string =>
  kind === "marketdata.prices_due" ? `up to ${told}` : told;

/** One line that names a piece of work. */
export function titleOf(job: JobOut): string {
  const about = aboutText(job);
  return about === "" ? kindName(job.kind) : `${kindName(job.kind)}, ${about}`;
}

/** Why work came to nothing, though nothing failed. */
export const OUTCOME_REASONS: Readonly<Record<string, string>> = {
  no_instrument: "that instrument is no longer known",
  offline: "this installation works offline",
  nobody_answered: "nobody who is asked could tell anything",
};

const number = (value: unknown): number | null => (typeof value === "number" ? value : null);
const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** What came of a piece of work, in one line; nothing where it left no word. */
export function outcomeText(outcome: JobOut["outcome"]): string {
  if (outcome === null) return "";
  const { rows, source, reason, parts, findings } = outcome;
  const why = text(reason);
  if (why !== null) return sentence(OUTCOME_REASONS[why] ?? words(why).toLowerCase());
  const told = [
    number(rows) === null ? null : rowsText(Number(rows), text(source)),
    number(parts) === null ? null : partsText(Number(parts)),
    number(findings) === null ? null : findingsText(Number(findings)),
    ...Object.entries(outcome)
      .filter(([name]) => !TOLD.has(name))
      .map(([name, value]) => otherText(name, value)),
  ].filter((part) => part !== null);
  if (told.length === 0 && Object.keys(outcome).length > 0) return "Nothing to do";
  return sentence(told.join(", "));
}

const TOLD: ReadonlySet<string> = new Set(["rows", "source", "reason", "parts", "findings"]);
const sentence = (plain: string): string => plain.charAt(0).toUpperCase() + plain.slice(1);
const from = (source: string | null): string => (source === null ? "" : ` from ${source}`);

const rowsText = (rows: number, source: string | null): string =>
  rows === 0 ? `nothing new${from(source)}` : `${counted(rows, "row")} new${from(source)}`;
const partsText = (parts: number): string =>
  parts === 0 ? "nothing to ask for: none of this is known here" : `in ${counted(parts, "part")}`;
const findingsText = (found: number): string =>
  found === 0 ? "nothing odd" : counted(found, "finding");
/** What a kind of work counts besides: "ticks folded: 40". */
function otherText(name: string, value: unknown): string | null {
  const plain = words(name).toLowerCase();
  if (typeof value === "number") {
    return value === 0 ? null : `${plain}: ${value.toLocaleString("en-US")}`;
  }
  if (Array.isArray(value) && value.length > 0)
    return `${plain} ${value.map((one) => words(String(one)).toLowerCase()).join(", ")}`;
  return typeof value === "string" ? `${plain}: ${value}` : null;
}

type Parked = NonNullable<JobOut["park_reason"]>;

const PARKED: Record<Parked, (job: JobOut) => string> = {
  failed: ({ failure_count: count }) => `Given up after ${counted(count, "failure")}`,
  crashed: ({ crash_count: count }) =>
    `Given up: the process that worked on it died ${times(count)}`,
  lost: () => "Given up: it was queued again and again, and never ended",
  unknown: () => "Given up: nobody here knows how this kind of work is done",
};

/** Why work was given up, in plain words. */
export const parkText = (job: JobOut): string => PARKED[job.park_reason ?? "failed"](job);

const times = (count: number): string =>
  ["never", "once", "twice"][count] ?? `${String(count)} times`;

/** Failures so far of work that goes on. */
export const failuresText = ({ failure_count, crash_count }: JobOut): string =>
  [
    failure_count > 0 ? `Failed ${times(failure_count)}` : null,
    crash_count > 0
      ? `${failure_count > 0 ? "its" : "Its"} process died ${times(crash_count)}`
      : null,
  ]
    .filter((part) => part !== null)
    .join(", ");

/** What an error said; its code in words. Of a tenant's work there is only the code. */
export function errorText(error: string): string {
  const [kind = "", ...rest] = error.split(": ");
  const name = /^[a-z_]+$/.test(kind) ? words(kind) : kind;
  return rest.length === 0 ? name : `${name}: ${rest.join(": ")}`;
}

/** Refusals this page can meet, in words. */
export const REFUSALS: Readonly<Record<string, string>> = {
  nothing_to_retry: "There is nothing to try again: it goes on by itself, or is done already.",
  nothing_to_cancel:
    "There is nothing to cancel: it has ended, or it is a tenant's own and was not given up.",
};

/** A refusal as a sentence; what the server said where there is none of our own. */
export function refusalText(error: unknown): string {
  if (error instanceof ProblemError) return REFUSALS[error.problem.code] ?? error.problem.detail;
  return error instanceof Error ? error.message : "Unknown error";
}
