import type { FindingOut, HeldBarOut } from "@/shared/api/gen/types.gen";

export type FindingKind = FindingOut["kind"];
export type FindingStatus = FindingOut["status"];

/** What each oddity is called, and what accepting it or taking the other word over means. */
export const KIND_NAMES: Record<FindingKind, string> = {
  missing_split: "Split missing",
  missed_dividend: "Dividend missing",
  ex_date_off: "Ex-date differs",
  minor_units: "Hundred times off",
  other_basis: "Adjusted differently",
  stale_repeat: "Repeated close",
  missing_day: "Day missing",
  restated: "Figures differ",
  missing_sessions: "Sessions missing",
  closed_day: "Bar on a closed day",
  outlier: "Outlier",
  leap: "Leap without an event",
  no_bars: "No bars any more",
};

export const STATUS_NAMES: Record<FindingStatus, string> = {
  open: "Open",
  accepted: "Accepted",
  overridden: "Taken over",
  gone: "Gone by itself",
};

export type HeldState = HeldBarOut["state"];

/** Why a bar was not stored as it came. */
export const HELD_NAMES: Record<HeldBarOut["reason"], string> = {
  null_bar: "No close",
  not_finite: "No number",
  not_positive: "Zero or less",
  out_of_bounds: "Beyond any price",
  range_off: "High and low do not fit",
  wrong_currency: "Another currency",
  wrong_symbol: "Another symbol",
  not_daily: "Not daily",
  future: "Of a day to come",
  duplicate_day: "Two closes of one day",
  repeated_day: "Told twice",
  no_session: "Closed day",
  minor_unit_mix: "Hundred times off",
  outlier: "Worlds apart",
  not_newer: "Older than what is held",
};

export const HELD_STATE_NAMES: Record<HeldState, string> = {
  open: "Held back",
  accepted: "Accepted",
  rejected: "Rejected",
};

export const KIND_OPTIONS: readonly (readonly [string, string])[] = [
  ["", "Every kind"],
  ...Object.entries(KIND_NAMES),
];

export const asKind = (text: string): FindingKind | undefined =>
  (Object.keys(KIND_NAMES) as FindingKind[]).find((kind) => kind === text);

/** What the button that does not accept would do. */
export const overrideName = (finding: FindingOut): string => {
  if (finding.kind === "no_bars") return "Mark as delisted";
  return finding.theirs === null ? "Strike ours out" : `Take ${finding.source}'s over`;
};
